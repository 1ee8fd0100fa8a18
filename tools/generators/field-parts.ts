import { constantOf, type Field } from './field-kinds.ts';

/** Rules that the template of a DTO uses. */
const DTO_IMPORTS = ['ApiDateTime', 'PartialOf', 'QueryIntField'];

/** The code that replaces `/* name *\/` in the templates of a feature. */
export function featureParts(fields: Field[]): Record<string, string> {
  const each = eachOf(fields);
  const longest = fields.flatMap(({ name, max, kind }) =>
    kind.type === 'string' && max ? `${name}: '🙂'.repeat(${max})` : [],
  );
  return {
    ...bodyParts(fields),
    'sample.longest': longest.join(', '),
    'dto.imports': importsOf(fields, DTO_IMPORTS),
    'dto.filters': each(
      ({ name, optional, kind }) => `${name}: '${kind.filter}${optional ? ' | null' : ''}',`,
    ),
    'dto.read': each((field) => `${field.kind.read(field)}\n${field.name}: ${typeOf(field)};\n`),
    'dto.values': each(
      ({ camel, name, optional }) => `${camel}: dto.${name}${optional ? ' ?? null' : ''}`,
      ', ',
    ),
    'dto.changes': each(({ camel, name }) => `...(dto.${name} !== undefined && { ${camel}: dto.${name} }),`),
    'entity.columns': each((field) => `${columnOf(field)}\n${field.camel}: ${typeOf(field)};\n`),
    'entity.imports': fields.some(({ kind }) => kind.type === 'Date') ? 'TimestampColumn, ' : '',
    'entity.keys': each(({ camel }) => `'${camel}'`, ' | '),
    'read.values': each(({ camel, name }) => `${name}: row.${camel}`, ', '),
    'sample.row': each((field) => {
      const [sample] = field.kind.samples(field);
      return `${field.camel}: ${field.kind.type === 'Date' ? `new Date(${sample})` : sample}`;
    }, ', '),
  };
}

/** The same for the payload of a job, whose keys are in camel case. */
export function payloadParts(fields: Field[]): Record<string, string> {
  const keys = fields.map((field) => ({ ...field, name: field.camel }));
  return { ...bodyParts(keys), 'dto.imports': importsOf(keys) };
}

/** The code that a body and a payload have in common. */
function bodyParts(fields: Field[]): Record<string, string> {
  const each = eachOf(fields);
  const first = fields.find(({ optional }) => !optional);
  if (!first) throw new Error('At least one field has to be required.');
  const [bad, code] = first.kind.bad;
  return {
    'dto.constants': each((field) =>
      field.min === undefined
        ? ''
        : `const ${constantOf(field)} = { min: ${field.min}, max: ${field.max}, example: ${field.kind.samples(field)[0]} };`,
    ),
    'dto.create': each((field) => `${decorated(field)}\n`),
    'sample.one': each((field) => `${field.name}: ${field.kind.samples(field)[0]}`, ', '),
    'bad.cases': each(
      ({
        name,
        kind: {
          bad: [value, expected],
        },
      }) => `[{ ${name}: ${value} }, '${name}', '${expected}'],`,
    ),
    'first.name': first.name,
    'first.camel': first.camel,
    'first.text': first.kind.type === 'Date' ? `${first.camel}.toISOString()` : first.camel,
    'first.another': first.kind.samples(first)[1],
    'first.bad': bad,
    'first.code': code,
  };
}

const eachOf =
  (fields: Field[]) =>
  (render: (field: Field) => string, glue = '\n'): string =>
    fields.map(render).filter(Boolean).join(glue);

/** A field of a request with the decorator that validates it. */
function decorated(field: Field): string {
  const flags = field.optional ? ['optional: true', 'nullable: true'] : [];
  const limits =
    field.min === undefined ? [] : [flags.length > 0 ? `...${constantOf(field)}` : constantOf(field)];
  const options = [...limits, ...flags].join(', ');
  return `@${field.kind.decorator}(${flags.length > 0 ? `{ ${options} }` : options})
${field.name}${field.optional ? '?' : ''}: ${typeOf(field)};`;
}

const typeOf = ({ kind, optional }: Field): string => `${kind.type}${optional ? ' | null' : ''}`;

function columnOf({ kind: { column }, optional }: Field): string {
  if (column === 'timestamptz') return `@TimestampColumn(${optional ? '{ nullable: true }' : ''})`;
  return `@Column({ type: '${column}'${optional ? ', nullable: true' : ''} })`;
}

/** The import of the decorators of fields, and of others. */
function importsOf(fields: Field[], others: string[] = []): string {
  const names = new Set([...fields.map(({ kind }) => kind.decorator), ...others]);
  return `import { ${[...names].sort().join(', ')} } from '../rules/index.js';`;
}
