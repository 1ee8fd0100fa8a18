import { encodeKeyPart } from '@repo/redis';

export interface KeyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
}

const PLACEHOLDER = /\{(\w+)\}/;
/** Stands for a parameter that was not sent; an empty one is different. `encodeKeyPart` never returns it. */
const ABSENT = '@';

/** A key or tag with encoded input: cacheKey`user:${username}` equals the template `user:{username}`. */
export function cacheKey(texts: TemplateStringsArray, ...values: (string | number | boolean)[]): string {
  return texts.reduce((key, text, index) => key + encodeKeyPart(values[index - 1]!) + text);
}

/** A key or tag made of a route's inputs: `{name}` is a path or query parameter. */
export class KeyTemplate {
  /** Texts at even indexes, names of parameters at odd ones. */
  private readonly parts: string[];
  private readonly names: Set<string>;

  constructor(template: string) {
    this.parts = template.split(PLACEHOLDER);
    this.names = new Set(this.parts.filter((_, index) => index % 2 === 1));
  }

  /** Whether every query parameter of the request is part of the key. */
  covers({ params, query }: KeyInput): boolean {
    return Object.keys(query ?? {}).every((name) => this.names.has(name) && params?.[name] === undefined);
  }

  key(input: KeyInput): string {
    return this.fill(input, () => ABSENT);
  }

  /** @throws Error when a parameter is missing: such a tag would invalidate nothing */
  tag(input: KeyInput): string {
    return this.fill(input, (name) => {
      throw new Error(`The tag names {${name}}, which is not a parameter of the route`);
    });
  }

  private fill({ params, query }: KeyInput, absent: (name: string) => string): string {
    return this.parts.reduce((key, part, index) => {
      if (index % 2 === 0) return key + part;
      const value = params?.[part] ?? query?.[part];
      return key + (value === undefined ? absent(part) : encodeValue(value));
    }, '');
  }
}

/** A repeated parameter is a list. `encodeKeyPart` never returns the comma that separates its values. */
function encodeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(encodeValue).join(',');
  return encodeKeyPart(typeof value === 'string' ? value : JSON.stringify(value));
}
