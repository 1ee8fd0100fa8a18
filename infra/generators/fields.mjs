// @ts-check
import { Failure } from '../local/failure.mjs';
import { camelOf } from './names.mjs';

/**
 * A field as the command line says it: `title:string:2..30`, `published_at:datetime?`.
 *
 * @typedef {{ name: string, camel: string, kind: string, optional: boolean, min?: number, max?: number }} Field
 *
 * What a kind of field is at every level, as code.
 *
 * @typedef {object} Kind
 * @property {string} type       in TypeScript
 * @property {string} column     the column, without `nullable`
 * @property {string} decorator  checks it in a body
 * @property {string} filter     how a list compares it
 * @property {[standardMin: number, standardMax: number]} [limits]
 * @property {(field: Field) => string} read  documents it in an answer
 * @property {(field: Field) => [one: string, another: string]} samples  good values
 * @property {[value: string, code: string]} bad
 */

const INT4_MAX = 2_147_483_647;
const OWN = new Set(['id', 'created_by_user_id', 'created_at', 'updated_at', 'deleted_at']);
const SPEC = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)*):([a-z]+)(?::(\d+)\.\.(\d+))?(\?)?$/;

/** @type {Record<string, Kind>} */
const KINDS = {
  string: {
    ...{ type: 'string', column: 'text', decorator: 'StringField', filter: 'text' },
    limits: [1, 255],
    read: documented('string'),
    samples: sentences,
    bad: ['7', 'string_type'],
  },
  text: {
    ...{ type: 'string', column: 'text', decorator: 'StringField', filter: 'text' },
    limits: [1, 10_000],
    read: documented('string'),
    samples: sentences,
    bad: ['7', 'string_type'],
  },
  int: {
    ...{ type: 'number', column: 'int', decorator: 'IntField', filter: 'int' },
    limits: [0, INT4_MAX],
    read: documented('integer'),
    samples: ({ min = 0, max = INT4_MAX }) => [String(min), String(Math.min(min + 1, max))],
    bad: [`'many'`, 'int_type'],
  },
  bool: {
    ...{ type: 'boolean', column: 'boolean', decorator: 'BooleanField', filter: 'boolean' },
    read: documented('boolean', () => 'true'),
    samples: () => ['true', 'false'],
    bad: [`'yes'`, 'bool_type'],
  },
  datetime: {
    ...{ type: 'Date', column: 'timestamptz', decorator: 'MomentField', filter: 'timestamp' },
    read: ({ optional }) => `@DateField(${optional ? '{ nullable: true }' : ''})`,
    samples: () => [`'2026-01-31T12:00:00.000Z'`, `'2026-02-01T08:30:00.000Z'`],
    bad: [`'tomorrow'`, 'value_error'],
  },
  url: {
    ...{ type: 'string', column: 'text', decorator: 'UrlField', filter: 'text' },
    read: documented('string', () => `'https://www.example.com/image.png'`),
    samples: () => [`'https://example.com/one'`, `'https://example.com/two'`],
    bad: [`'nowhere'`, 'value_error'],
  },
};

/** @param {string} text @returns {Field[]} */
export function parseFields(text) {
  const fields = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseField);
  const twice = fields.find(({ name }, index) => fields.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Failure(`The field ${twice.name} is there twice.`);
  if (!fields.some(({ optional }) => !optional))
    throw new Failure('At least one field has to be there always: leave out its "?".');
  return fields;
}

/** @param {string} text @returns {Field} */
function parseField(text) {
  const [, name, kind = '', min, max, optional] = SPEC.exec(text) ?? [];
  if (!name || !KINDS[kind])
    throw new Failure(
      `"${text}" is no field: write name:kind, name:kind:min..max, and a "?" behind what may be missing; kinds are ${Object.keys(KINDS).join(', ')}.`,
    );
  if (OWN.has(name)) throw new Failure(`Every feature has the column ${name}: leave it out.`);
  const { limits } = KINDS[kind] ?? {};
  if (min && !limits) throw new Failure(`"${text}": a ${kind} has no limits.`);
  if (min && Number(min) > Number(max)) throw new Failure(`"${text}": ${min} is more than ${max}.`);
  return {
    ...{ name, kind, camel: camelOf(name), optional: Boolean(optional) },
    ...(limits && { min: Number(min ?? limits[0]), max: Number(max ?? limits[1]) }),
  };
}

/**
 * What templates say as `/* name *\/`.
 *
 * @param {Field[]} fields
 * @returns {Record<string, string>}
 */
export function fieldParts(fields) {
  const each = (/** @type {(field: Field, kind: Kind) => string} */ render, glue = '\n') =>
    fields
      .map((field) => render(field, kindOf(field)))
      .filter(Boolean)
      .join(glue);
  const [first] = fields.filter(({ optional }) => !optional);
  const samples = (/** @type {0 | 1} */ which) =>
    each((field, { samples: of }) => `${field.name}: ${of(field)[which]}`, ', ');
  return {
    'dto.imports': dtoImports(fields),
    'dto.constants': each((field, { samples: of }) =>
      field.min === undefined
        ? ''
        : `const ${constant(field)} = { min: ${field.min}, max: ${field.max}, example: ${of(field)[0]} };`,
    ),
    'dto.create': each(
      (field, { decorator, type }) =>
        `@${decorator}(${options(field, field.optional, field.optional)})\n${typed(field, type, field.optional)};\n`,
    ),
    'dto.update': each(
      (field, { decorator, type }) =>
        `@${decorator}(${options(field, true, field.optional)})\n${typed(field, type, true)};\n`,
    ),
    'dto.filters': each(
      ({ name, optional }, { filter }) => `${name}: '${filter}${optional ? ' | null' : ''}',`,
    ),
    'dto.read': each(
      (field, { read, type }) =>
        `${read(field)}\n${field.name}: ${type}${field.optional ? ' | null' : ''};\n`,
    ),
    'entity.columns': each(
      (field, { column, type }) =>
        `${columnOf(field, column)}\n${field.camel}: ${type}${field.optional ? ' | null' : ''};\n`,
    ),
    'entity.imports': fields.some(({ kind }) => kind === 'datetime') ? 'TimestampColumn, ' : '',
    keys: each(({ camel }) => `'${camel}'`, ' | '),
    'dto.values': each(
      ({ camel, name, optional }) => `${camel}: dto.${name}${optional ? ' ?? null' : ''}`,
      ', ',
    ),
    'dto.changes': each(({ camel, name }) => `...(dto.${name} !== undefined && { ${camel}: dto.${name} }),`),
    'read.values': each(({ camel, name }) => `${name}: row.${camel}`, ', '),
    'sample.one': samples(0),
    'sample.another': samples(1),
    'sample.row': each(
      (field, { samples: of, type }) =>
        `${field.camel}: ${type === 'Date' ? `new Date(${of(field)[0]})` : of(field)[0]}`,
      ', ',
    ),
    shape: each(
      ({ name, optional, kind }) => `${name}: ${optional ? 'expect.anything()' : shapeOf(kind)}`,
      ', ',
    ),
    'bad.cases': each(({ name }, { bad: [value, code] }) => `[{ ${name}: ${value} }, '${name}', '${code}'],`),
    'first.name': first?.name ?? '',
    'first.camel': first?.camel ?? '',
    'first.one': first ? kindOf(first).samples(first)[0] : '',
    'first.another': first ? kindOf(first).samples(first)[1] : '',
    'first.bad': first ? kindOf(first).bad[0] : '',
    'first.code': first ? kindOf(first).bad[1] : '',
  };
}

/** @param {Field} field @returns {Kind} */
const kindOf = ({ kind }) => /** @type {Kind} */ (KINDS[kind]);

/** @param {string} kind */
const shapeOf = (kind) => `expect.any(${{ int: 'Number', bool: 'Boolean' }[kind] ?? 'String'})`;

/** @param {Field} field */
const constant = ({ name }) => name.toUpperCase();

/** @param {Field} field @param {boolean} optional @param {boolean} nullable */
function options(field, optional, nullable) {
  const flags = [...(optional ? ['optional: true'] : []), ...(nullable ? ['nullable: true'] : [])];
  if (field.min === undefined) return flags.length > 0 ? `{ ${flags.join(', ')} }` : '';
  return flags.length > 0 ? `{ ...${constant(field)}, ${flags.join(', ')} }` : constant(field);
}

/** @param {Field} field @param {string} type @param {boolean} mayBeMissing */
const typed = ({ name, optional }, type, mayBeMissing) =>
  `${name}${mayBeMissing ? '?' : ''}: ${type}${optional ? ' | null' : ''}`;

/** @param {Field} field @param {string} column */
function columnOf({ optional }, column) {
  if (column === 'timestamptz') return `@TimestampColumn(${optional ? '{ nullable: true }' : ''})`;
  return `@Column({ type: '${column}'${optional ? ', nullable: true' : ''} })`;
}

/** @param {string} type @param {(field: Field) => string} [example] */
function documented(type, example = (field) => `${constant(field)}.example`) {
  return (/** @type {Field} */ field) =>
    `@ApiProperty({ type: '${type}', ${field.optional ? 'nullable: true, ' : ''}example: ${example(field)} })`;
}

/** Two texts within the limits. @param {Field} field @returns {[string, string]} */
function sentences({ name, min = 1, max = 255 }) {
  const fit = (/** @type {string} */ text) => `'${text.padEnd(min, '.').slice(0, max)}'`;
  return [fit(`My ${name.replaceAll('_', ' ')}`), fit(`Another ${name.replaceAll('_', ' ')}`)];
}

/** @param {Field[]} fields */
function dtoImports(fields) {
  const files = {
    StringField: 'string.fields',
    IntField: 'number.fields',
    BooleanField: 'boolean.field',
    MomentField: 'moment.field',
    UrlField: 'url.field',
  };
  const used = new Set(fields.map((field) => kindOf(field).decorator));
  return Object.entries(files)
    .filter(([decorator]) => used.has(decorator))
    .map(([decorator, file]) => {
      const names = decorator === 'IntField' ? 'IntField, QueryIntField' : decorator;
      return `import { ${names} } from '../rules/${file}.js';`;
    })
    .concat(used.has('IntField') ? [] : [`import { QueryIntField } from '../rules/number.fields.js';`])
    .sort()
    .join('\n');
}
