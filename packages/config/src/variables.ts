import { makeExactValidator, type ValidatorSpec } from 'envalid';
import { parseHeaders, parseList, parseNetworks, parseOrigins } from './gateway-settings.js';

interface Text {
  default?: string;
  desc?: string;
}

/** A text, or one of `choices`, in any case. */
export function str<const T extends string>(
  spec: Omit<Text, 'default'> & { choices: readonly T[]; default?: T },
): ValidatorSpec<T>;
export function str(spec?: Text): ValidatorSpec<string>;
export function str(spec: Text & { choices?: readonly string[] } = {}): ValidatorSpec<string> {
  const { choices } = spec;
  return makeExactValidator<string>((input) => {
    const found = choices ? choices.find((choice) => choice.toLowerCase() === input.toLowerCase()) : input;
    if (found === undefined) throw expected(`one of ${choices!.join(', ')}`, input);
    return found;
  })(spec as Text);
}

/** A whole number from `min` (0 by default) to `max` (unlimited by default). */
export function int(spec: {
  default: number;
  /** The default in `ENVIRONMENT=local`, if it differs. */
  localDefault?: number;
  min?: number;
  max?: number;
  desc: string;
}) {
  const { min = 0, max, ...rest } = spec;
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return makeExactValidator<number>((input) => {
    const value = Number(input);
    const isInteger = /^-?\d+$/.test(input) && Number.isSafeInteger(value);
    if (!isInteger || value < min || (max !== undefined && value > max))
      throw expected(`a whole number ${range}`, input);
    return value;
  })(rest);
}

/** Text that matches the pattern. `form` describes it: "a URL that begins with http:// or https://". */
export function text(spec: { default: string; pattern: RegExp; form: string; desc: string }) {
  const { pattern, form, ...rest } = spec;
  return makeExactValidator<string>((input) => {
    if (!pattern.test(input)) throw expected(form, input);
    return input;
  })(rest);
}

/** `true` or `false`; 1, yes and on, 0, no and off mean the same. */
export function bool(spec: { default: boolean; desc: string }) {
  return makeExactValidator<boolean>((input) => {
    if (/^(true|1|yes|on)$/i.test(input)) return true;
    if (/^(false|0|no|off)$/i.test(input)) return false;
    throw expected('true or false', input);
  })(spec);
}

/** A port to connect to. */
export function port(spec: { default: number; desc: string }) {
  return int({ ...spec, min: 1, max: 65_535 });
}

/** A port to listen on; 0 is any free port. */
export function listenPort(spec: { default: number; desc: string }) {
  return int({ ...spec, max: 65_535 });
}

/**
 * A URL with one of these schemes, or several, separated by commas. A default of '' means none.
 *
 * @param parts the settings that the URL replaces, by their names; undefined where it says nothing
 */
export function url(spec: {
  default: string;
  schemes: string[];
  desc: string;
  parts?: (value: URL) => Record<string, string | undefined>;
}) {
  const { schemes, parts, ...rest } = spec;
  const isAllowed = (text: string) => {
    if (!URL.canParse(text)) return false;
    const { protocol, host } = new URL(text);
    return host !== '' && schemes.includes(protocol.slice(0, -1));
  };
  const validator = makeExactValidator<string>((input) => {
    if (input.split(',').every(isAllowed)) return input;
    // A URL may hold a password, so it is not shown.
    throw new Error(
      `should be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    );
  })(rest);
  return parts ? { ...validator, parts } : validator;
}

export function list(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>(parseList)(spec);
}

/** Origins such as `https://app.example.com`. */
export function origins(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>(parseOrigins)(spec);
}

/** Addresses and networks such as `10.0.0.0/8`. */
export function networks(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>(parseNetworks)(spec);
}

/** Names of header fields. */
export function headers(spec: { default: string[]; desc: string }) {
  return makeExactValidator<string[]>(parseHeaders)(spec);
}

/** A certificate or a key. `X_FILE` names a file with it. */
export function pem(spec: { desc: string }) {
  return makeExactValidator<string>((input) => {
    if (!/-----BEGIN [A-Z ]+-----/.test(input))
      throw new Error('should be in PEM form: give the path of its file as …_FILE');
    return input;
  })({ ...spec, default: '' });
}

/**
 * A value that must be strong outside `ENVIRONMENT=local`.
 *
 * @param unless settings that replace it
 */
export function secret({ unless = [], ...spec }: { default: string; desc: string; unless?: string[] }) {
  return { ...makeExactValidator<string>((input) => input)(spec), secret: true as const, unless };
}

const expected = (rule: string, input: string) => new Error(`should be ${rule}, but is "${input}"`);
