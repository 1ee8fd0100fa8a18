import { encodeKeyPart } from '@repo/redis';

/** The inputs of a route that a key may be made of. */
export interface KeyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
}

const PLACEHOLDER = /\{(\w+)\}/;
/** Stands for what was not sent, which is not the same as what was sent empty. The encoder never emits it. */
const ABSENT = '@';

/** A key or a tag with input in it: cacheKey`user:${username}`. Equals what `user:{username}` makes of a route. */
export function cacheKey(texts: TemplateStringsArray, ...values: (string | number | boolean)[]): string {
  return texts.reduce((key, text, index) => key + encodeKeyPart(values[index - 1]!) + text);
}

/** A key made of a route's inputs: `{name}` is a path or query parameter. */
export class KeyTemplate {
  /** Texts at even indexes, names of parameters at odd ones. */
  private readonly parts: string[];
  private readonly names: Set<string>;

  constructor(template: string) {
    this.parts = template.split(PLACEHOLDER);
    this.names = new Set(this.parts.filter((_, index) => index % 2 === 1));
  }

  /** Whether the key tells apart all that the query says. */
  covers({ params, query }: KeyInput): boolean {
    return Object.keys(query ?? {}).every((name) => this.names.has(name) && params?.[name] === undefined);
  }

  render(input: KeyInput): string {
    return this.fill(input, () => ABSENT);
  }

  /** As `render`, for tags: one without its value would cover nothing that it is meant to. */
  renderComplete(input: KeyInput): string {
    return this.fill(input, (name) => {
      throw new Error(`The tag names {${name}}, which the route does not have`);
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

/** A parameter that was sent several times is a list; the encoder never emits the comma that parts it. */
function encodeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(encodeValue).join(',');
  return encodeKeyPart(typeof value === 'string' ? value : JSON.stringify(value));
}
