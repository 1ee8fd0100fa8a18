import { bool, makeExactValidator, port, str } from 'envalid';

export { bool, port, str };

/** A whole number from `min` (0 by default) to `max` (unlimited by default). */
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

/** Text that matches the pattern. `form` describes it: "a URL that begins with http:// or https://". */
export function text(spec: { default: string; pattern: RegExp; form: string; desc: string }) {
  const { pattern, form, ...rest } = spec;
  return makeExactValidator<string>((input) => {
    if (!pattern.test(input)) throw new Error(`should be ${form}, but is "${input}"`);
    return input;
  })(rest);
}

/** One of the choices, in any case. */
export function choice<T extends Lowercase<string>>(spec: {
  choices: readonly T[];
  default: T;
  desc: string;
}) {
  const { choices, ...rest } = spec;
  return makeExactValidator<T>((input) => {
    const found = choices.find((value) => value === input.toLowerCase());
    if (!found) throw new Error(`should be one of ${choices.join(', ')}, but is "${input}"`);
    return found;
  })(rest);
}

/** A port to listen on; 0 is any free port. */
export function listenPort(spec: { default: number; desc: string }) {
  return int({ ...spec, max: 65_535 });
}

export function list(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>((input) =>
    input
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )(spec);
}

/** A value that must be strong outside `ENVIRONMENT=local`. */
export function secret(spec: { default: string; desc: string }) {
  return { ...makeExactValidator<string>((input) => input)(spec), secret: true as const };
}
