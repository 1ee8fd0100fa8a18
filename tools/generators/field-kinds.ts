/** A field as the command line gives it: `title:string:2..30`, `published_at:datetime?`. */
export interface Field {
  /** In requests, responses and columns. */
  name: string;
  camel: string;
  kind: Kind;
  optional: boolean;
  min?: number;
  max?: number;
}

/** The code for a kind of field at each level. */
export interface Kind {
  /** In TypeScript. */
  type: string;
  column: string;
  /** Validates the field in a request. */
  decorator: string;
  /** The kind of its filters in lists. */
  filter: string;
  limits?: { standard: Range; widest: Range };
  /** The decorator that documents the field in a response. */
  read(field: Field): string;
  /** Two valid values. */
  samples(field: Field): [one: string, another: string];
  bad: [value: string, code: string];
  /** The longest value in a request. */
  maxBytes(field: Field): number;
}

type Range = [min: number, max: number];

const INT4_MAX = 2_147_483_647;
/** The longest text that a feature can have. */
const MAX_LENGTH = 63_206;
/** The bytes of a character that is written as two \u escapes. */
const MAX_CHARACTER_BYTES = 12;

const STRING: Kind = {
  type: 'string',
  column: 'text',
  decorator: 'StringField',
  filter: 'text',
  limits: { standard: [1, 255], widest: [0, MAX_LENGTH] },
  read: documented('string'),
  samples: twoTexts,
  bad: ['7', 'string_type'],
  maxBytes: ({ max = MAX_LENGTH }) => max * MAX_CHARACTER_BYTES,
};

export const KINDS: Record<string, Kind> = {
  string: STRING,
  text: { ...STRING, limits: { standard: [1, 10_000], widest: [0, MAX_LENGTH] } },
  int: {
    type: 'number',
    column: 'int',
    decorator: 'IntField',
    filter: 'int',
    limits: { standard: [0, INT4_MAX], widest: [-INT4_MAX - 1, INT4_MAX] },
    read: documented('integer'),
    samples: ({ min = 0, max = INT4_MAX }) => {
      const first = Math.max(min, 1);
      return [String(Math.min(first, max)), String(Math.min(first + 1, max))];
    },
    bad: [`'many'`, 'int_type'],
    maxBytes: () => 11,
  },
  bool: {
    type: 'boolean',
    column: 'boolean',
    decorator: 'BooleanField',
    filter: 'boolean',
    read: documented('boolean', () => 'true'),
    samples: () => ['true', 'false'],
    bad: [`'yes'`, 'bool_type'],
    maxBytes: () => 5,
  },
  datetime: {
    type: 'Date',
    column: 'timestamptz',
    decorator: 'DateTimeField',
    filter: 'timestamp',
    read: ({ optional }) => `@ApiDateTime(${optional ? '{ nullable: true }' : ''})`,
    samples: () => [`'2026-01-31T12:00:00.000Z'`, `'2026-02-01T08:30:00.000Z'`],
    bad: [`'tomorrow'`, 'value_error'],
    maxBytes: () => 40,
  },
  url: {
    ...STRING,
    decorator: 'UrlField',
    limits: undefined,
    read: documented('string', () => `'https://www.example.com/image.png'`),
    samples: () => [`'https://example.com/one'`, `'https://example.com/two'`],
    bad: [`'nowhere'`, 'value_error'],
    maxBytes: () => (2_048 * MAX_CHARACTER_BYTES) / 2,
  },
};

/** The constant that has the limits and the example of a field. */
export const constantOf = ({ camel }: Field): string => camel.replace(/[A-Z]/g, '_$&').toUpperCase();

function documented(type: string, example = (field: Field) => `${constantOf(field)}.example`) {
  return (field: Field): string =>
    `@ApiProperty({ type: '${type}', ${field.optional ? 'nullable: true, ' : ''}example: ${example(field)} })`;
}

function twoTexts({ camel, min = 1, max = 255 }: Field): [string, string] {
  const words = camel.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const fit = (text: string) => `'${text.padEnd(min, '.').slice(0, max)}'`;
  return [fit(`My ${words}`), fit(`Another ${words}`)];
}
