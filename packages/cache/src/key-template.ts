import { encodeKeyPart } from '@repo/redis';

/** The inputs of a route that a key may be made of. */
export interface KeyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
}

interface Placeholder {
  name: string;
  fallback?: string;
}

const PLACEHOLDER = /\{(\?|\w+)(?:=([^{}]*))?\}/;
const WHOLE_QUERY = '?';
/** Stands for what was not sent, which is not the same as what was sent empty. The encoder never emits it. */
const ABSENT = '@';

/** A key or a tag with input in it: cacheKey`user:${username}`. Equals what `user:{username}` makes of a route. */
export function cacheKey(texts: TemplateStringsArray, ...values: (string | number | boolean)[]): string {
  return texts.reduce((key, text, index) => key + encodeKeyPart(values[index - 1]!) + text);
}

/**
 * A key made of a route's inputs: `{name}` is a path or query parameter, `{name=1}` has a default, `{?}` is the whole
 * query in canonical form.
 */
export class KeyTemplate {
  /** Texts and placeholders in turn. */
  private readonly parts: (string | Placeholder)[];
  private readonly names: Set<string>;

  constructor(template: string) {
    const pieces = template.split(PLACEHOLDER);
    this.parts = [];
    for (let index = 0; index < pieces.length; index += 3) {
      this.parts.push(pieces[index]!);
      const name = pieces[index + 1];
      if (name !== undefined) this.parts.push({ name, fallback: pieces[index + 2] });
    }
    this.names = new Set(this.parts.map((part) => (typeof part === 'string' ? '' : part.name)));
  }

  /** Whether the key tells apart all that the query says. */
  covers({ params, query }: KeyInput): boolean {
    if (this.names.has(WHOLE_QUERY)) return true;
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
    let key = '';
    for (const part of this.parts) {
      if (typeof part === 'string') key += part;
      else if (part.name === WHOLE_QUERY) key += canonicalQuery(query ?? {});
      else {
        const value = params?.[part.name] ?? query?.[part.name] ?? part.fallback;
        key += value === undefined ? absent(part.name) : encodeValue(value);
      }
    }
    return key;
  }
}

function canonicalQuery(query: Record<string, unknown>): string {
  return Object.keys(query)
    .toSorted()
    .map((name) => `${encodeKeyPart(name)}=${encodeValue(query[name])}`)
    .join('&');
}

/** A parameter that was sent several times is a list; the encoder never emits the comma that parts it. */
function encodeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(encodeValue).join(',');
  return encodeKeyPart(typeof value === 'string' ? value : JSON.stringify(value));
}
