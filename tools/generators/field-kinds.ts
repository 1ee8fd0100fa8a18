// @ts-check
/**
 * What a kind of field is at every level, as code.
 *
 * @typedef {import('./fields.ts').Field} Field
 * @typedef {object} Kind
 * @property {string} type       in TypeScript
 * @property {string} column     the column, without `nullable`
 * @property {string} decorator  checks it in a body
 * @property {string} rules      the file of the decorator
 * @property {string} filter     how a list compares it
 * @property {{ standard: Range, widest: Range }} [limits]
 * @property {(field: Field) => string} read  documents it in an answer
 * @property {(field: Field) => [one: string, another: string]} samples  good values
 * @property {[value: string, code: string]} bad
 * @property {(field: Field) => number} bytes  at most, in a body
 *
 * @typedef {[min: number, max: number]} Range
 */

const INT4_MAX = 2_147_483_647;
/** As long as a post. */
const LONGEST = 63_206;
/** A character may be written as two \\u escapes. */
const ESCAPED = 12;

/** @type {Kind} */
const STRING = {
  ...{ type: 'string', column: 'text', filter: 'text' },
  ...{ decorator: 'StringField', rules: 'string.fields' },
  limits: { standard: [1, 255], widest: [0, LONGEST] },
  read: documented('string'),
  samples: sentences,
  bad: ['7', 'string_type'],
  bytes: ({ max = LONGEST }) => max * ESCAPED,
};

/** @type {Record<string, Kind>} */
export const KINDS = {
  string: STRING,
  text: { ...STRING, limits: { standard: [1, 10_000], widest: [0, LONGEST] } },
  int: {
    ...{ type: 'number', column: 'int', filter: 'int' },
    ...{ decorator: 'IntField', rules: 'number.fields' },
    limits: { standard: [0, INT4_MAX], widest: [-INT4_MAX - 1, INT4_MAX] },
    read: documented('integer'),
    samples: ({ min = 0, max = INT4_MAX }) =>
      [0, 1].map((more) => String(Math.min(Math.max(min, 1) + more, max))),
    bad: [`'many'`, 'int_type'],
    bytes: () => 11,
  },
  bool: {
    ...{ type: 'boolean', column: 'boolean', filter: 'boolean' },
    ...{ decorator: 'BooleanField', rules: 'boolean.field' },
    read: documented('boolean', () => 'true'),
    samples: () => ['true', 'false'],
    bad: [`'yes'`, 'bool_type'],
    bytes: () => 5,
  },
  datetime: {
    ...{ type: 'Date', column: 'timestamptz', filter: 'timestamp' },
    ...{ decorator: 'MomentField', rules: 'moment.field' },
    read: ({ optional }) => `@DateField(${optional ? '{ nullable: true }' : ''})`,
    samples: () => [`'2026-01-31T12:00:00.000Z'`, `'2026-02-01T08:30:00.000Z'`],
    bad: [`'tomorrow'`, 'value_error'],
    bytes: () => 40,
  },
  url: {
    ...{ type: 'string', column: 'text', filter: 'text' },
    ...{ decorator: 'UrlField', rules: 'url.field' },
    read: documented('string', () => `'https://www.example.com/image.png'`),
    samples: () => [`'https://example.com/one'`, `'https://example.com/two'`],
    bad: [`'nowhere'`, 'value_error'],
    bytes: () => (2_048 * ESCAPED) / 2,
  },
};

/** The constant with the limits and the example of a field. @param {Field} field */
export function constantOf({ camel }) {
  return camel.replace(/[A-Z]/g, '_$&').toUpperCase();
}

/** @param {string} type @param {(field: Field) => string} [example] */
function documented(type, example = (field) => `${constantOf(field)}.example`) {
  return (/** @type {Field} */ field) =>
    `@ApiProperty({ type: '${type}', ${field.optional ? 'nullable: true, ' : ''}example: ${example(field)} })`;
}

/** Two texts within the limits. @param {Field} field @returns {[string, string]} */
function sentences({ camel, min = 1, max = 255 }) {
  const words = camel.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const fit = (/** @type {string} */ text) => `'${text.padEnd(min, '.').slice(0, max)}'`;
  return [fit(`My ${words}`), fit(`Another ${words}`)];
}
