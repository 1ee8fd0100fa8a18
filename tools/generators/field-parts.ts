// @ts-check
import { constantOf, KINDS } from './field-kinds.ts';

/** @typedef {import('./fields.ts').Field} Field */
/** @typedef {import('./field-kinds.ts').Kind} Kind */

/**
 * What templates of a feature say as `/* name *\/`.
 *
 * @param {Field[]} fields
 * @param {number} [bodyKb]  of the longest body, when it is more than usual
 * @returns {Record<string, string>}
 */
export function featureParts(fields, bodyKb) {
  const each = eachOf(fields);
  return {
    ...bodyParts(fields),
    ...longBodyParts(fields, bodyKb),
    'dto.imports': importsOf(fields, { 'date.field': 'DateField', 'number.fields': 'QueryIntField' }),
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
    'sample.row': each(
      (field, { samples, type }) =>
        `${field.camel}: ${type === 'Date' ? `new Date(${samples(field)[0]})` : samples(field)[0]}`,
      ', ',
    ),
  };
}

/** The same for the payload of a job, whose keys are written as in code. @param {Field[]} fields */
export function payloadParts(fields) {
  const inCode = fields.map((field) => ({ ...field, name: field.camel }));
  return { ...bodyParts(inCode), 'dto.imports': importsOf(inCode) };
}

/** What is there only when bodies may be longer than usual. @param {Field[]} fields @param {number} [bodyKb] */
function longBodyParts(fields, bodyKb) {
  const longest = fields.flatMap(({ name, max, kind }) =>
    kindOf({ kind }).type === 'string' && max ? `${name}: '🙂'.repeat(${max})` : [],
  );
  return {
    'long.import': bodyKb ? `import { BodyLimit } from '@repo/service';` : '',
    'long.constant': bodyKb
      ? `/** The longest legal one, every character written as two \\\\u escapes. */\nconst LONGEST = ${bodyKb} * 1024;\n`
      : '',
    'long.decorator': bodyKb ? '@BodyLimit(LONGEST)' : '',
    'long.sample': bodyKb ? `const longest = { ...good, ${longest.join(', ')} };` : '',
    'long.test': bodyKb
      ? `it('takes the longest one that is legal', async () => {
          const { status, body } = await app.api('POST /<gadget>', { token, body: longest });

          expect(status).toBe(201);
          expect(body).toMatchObject(longest);
        });`
      : '',
    'long.row': bodyKb
      ? `['POST /<gadget>', 'a user, with the longest one', ({ owner }) => ({ token: owner.token, body: longest }), 201, { ...GADGET, ...longest }],`
      : '',
  };
}

/** What a body and a payload have in common. @param {Field[]} fields @returns {Record<string, string>} */
function bodyParts(fields) {
  const each = eachOf(fields);
  const first = /** @type {Field} */ (fields.find(({ optional }) => !optional));
  const { samples, bad, type } = kindOf(first);
  return {
    'dto.constants': each((field, { samples: of }) =>
      field.min === undefined
        ? ''
        : `const ${constantOf(field)} = { min: ${field.min}, max: ${field.max}, example: ${of(field)[0]} };`,
    ),
    'dto.create': each(
      (field, { decorator, type: typeOf }) =>
        `@${decorator}(${options(field, field.optional, field.optional)})\n${typed(field, typeOf, field.optional)};\n`,
    ),
    'sample.one': each((field, { samples: of }) => `${field.name}: ${of(field)[0]}`, ', '),
    'bad.cases': each(({ name }, { bad: [value, code] }) => `[{ ${name}: ${value} }, '${name}', '${code}'],`),
    'first.name': first.name,
    'first.camel': first.camel,
    'first.text': type === 'Date' ? `${first.camel}.toISOString()` : first.camel,
    'first.another': samples(first)[1],
    'first.bad': bad[0],
    'first.code': bad[1],
  };
}

/** @param {Field[]} fields */
function eachOf(fields) {
  return (/** @type {(field: Field, kind: Kind) => string} */ render, glue = '\n') =>
    fields
      .map((field) => render(field, kindOf(field)))
      .filter(Boolean)
      .join(glue);
}

/** @param {Pick<Field, 'kind'>} field */
const kindOf = ({ kind }) => /** @type {Kind} */ (KINDS[kind]);

/** @param {Field} field @param {boolean} optional @param {boolean} nullable */
function options(field, optional, nullable) {
  const flags = [...(optional ? ['optional: true'] : []), ...(nullable ? ['nullable: true'] : [])];
  if (field.min === undefined) return flags.length > 0 ? `{ ${flags.join(', ')} }` : '';
  return flags.length > 0 ? `{ ...${constantOf(field)}, ${flags.join(', ')} }` : constantOf(field);
}

/** @param {Field} field @param {string} type @param {boolean} mayBeMissing */
const typed = ({ name, optional }, type, mayBeMissing) =>
  `${name}${mayBeMissing ? '?' : ''}: ${type}${optional ? ' | null' : ''}`;

/** @param {Field} field @param {string} column */
function columnOf({ optional }, column) {
  if (column === 'timestamptz') return `@TimestampColumn(${optional ? '{ nullable: true }' : ''})`;
  return `@Column({ type: '${column}'${optional ? ', nullable: true' : ''} })`;
}

/** @param {Field[]} fields @param {Record<string, string>} [others]  file → decorator that is used besides */
function importsOf(fields, others = {}) {
  /** @type {Map<string, Set<string>>} */
  const files = new Map();
  const used = fields.map(kindOf).map(({ rules, decorator }) => [rules, decorator]);
  for (const [file = '', name = ''] of [...used, ...Object.entries(others)])
    files.set(file, (files.get(file) ?? new Set()).add(name));
  return [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, names]) => `import { ${[...names].join(', ')} } from '../rules/${file}.js';`)
    .join('\n');
}
