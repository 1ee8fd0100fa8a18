import { bool, makeExactValidator, port, str } from 'envalid';

export { bool, port, str };

/** Below this a secret is refused outside `ENVIRONMENT=local`. */
export const MIN_SECRET_LENGTH = 16;

/** A whole number from `min` (0 by default) to `max` (unbounded by default). */
export function int(spec: { default: number; min?: number; max?: number; desc: string }) {
  const { min = 0, max, ...rest } = spec;
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return makeExactValidator<number>((input) => {
    const value = Number(input);
    const isInteger = /^-?\d+$/.test(input) && Number.isSafeInteger(value);
    if (!isInteger || value < min || (max !== undefined && value > max)) {
      throw new Error(`should be a whole number ${range}, but is "${input}"`);
    }
    return value;
  })(rest);
}

/** A port to listen on; 0 stands for any free one. */
export function listenPort(spec: { default: number; desc: string }) {
  return makeExactValidator<number>((input) => {
    if (!/^\d+$/.test(input) || Number(input) > 65_535)
      throw new Error(`should be a port from 0 to 65535, but is "${input}"`);
    return Number(input);
  })(spec);
}

/** Values separated by commas. */
export function list(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>((input) =>
    input
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )(spec);
}

/** A value that must be strong outside `ENVIRONMENT=local` and is never logged. */
export function secret(spec: { default: string; desc: string }) {
  return { ...makeExactValidator<string>((input) => input)(spec), secret: true as const };
}

/** A setting that a process outside `ENVIRONMENT=local` refuses to start with. */
export function localOnly<T extends object>(spec: T) {
  return { ...spec, localOnly: true as const };
}

export function isLocalOnly(spec: object): boolean {
  return 'localOnly' in spec;
}

export function isSecret(spec: object): spec is { secret: true; default?: unknown } {
  return 'secret' in spec;
}
