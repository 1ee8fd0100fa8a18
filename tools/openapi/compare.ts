import { type Body, METHODS, type OpenApi, type Operation, type Parameter, type Schema } from './types.ts';

/** A comparison in progress: of something that clients send, or of something that they receive. */
interface Walk {
  report: (sentence: string) => void;
  before: OpenApi;
  after: OpenApi;
  side: 'sent' | 'received';
  where: string;
}

/** A sentence for each change between two documents that breaks clients of the first one. */
export function breakingChanges(before: OpenApi, after: OpenApi): string[] {
  const sentences = new Set<string>();
  const report = (sentence: string) => void sentences.add(sentence);
  for (const [path, item] of Object.entries(before.paths)) {
    for (const method of METHODS) {
      const old = item[method];
      if (!old) continue;
      const where = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now) compareOperations(old, now, { report, before, after, where, side: 'sent' });
      else report(`${where} is gone.`);
    }
  }
  return [...sentences];
}

function compareOperations(old: Operation, now: Operation, walk: Walk): void {
  const { report, where } = walk;
  const [known, current] = [parametersOf(old), parametersOf(now)];
  for (const [name, parameter] of known) {
    const next = current.get(name);
    if (next) compareSchemas(comparable(parameter), comparable(next), name, walk);
    else report(`${where}: the ${name} is gone.`);
  }
  for (const [name, { required }] of current)
    if (required && !known.get(name)?.required) report(`${where}: the ${name} is required now.`);

  compareBodies(old.requestBody, now.requestBody, 'the body', walk);
  for (const [status, response] of Object.entries(old.responses)) {
    const next = now.responses[status];
    if (next) compareBodies(response, next, `the response ${status}`, { ...walk, side: 'received' });
    else report(`${where}: the response ${status} is gone.`);
  }
}

const parametersOf = ({ parameters = [] }: Operation) =>
  new Map(parameters.map((one): [string, Parameter] => [`${one.in} parameter ${one.name}`, one]));

/** Without limits in a path: what they exclude does not exist, so no client uses it. */
const comparable = ({ in: place, schema }: Parameter): Schema | undefined =>
  place === 'path' ? { type: schema?.type } : schema;

function compareBodies(old: Body | undefined, now: Body | undefined, name: string, walk: Walk): void {
  for (const [type, { schema }] of Object.entries(old?.content ?? {})) {
    const next = now?.content?.[type];
    if (next) compareSchemas(schema, next.schema, name, walk);
    else walk.report(`${walk.where}: ${name} is no longer ${type}.`);
  }
}

function compareSchemas(oldOrRef: Schema = {}, nowOrRef: Schema = {}, name: string, walk: Walk): void {
  const { before, after, side, report, where } = walk;
  const [old, now] = [resolve(oldOrRef, before), resolve(nowOrRef, after)];
  const title = nameOf(oldOrRef) ?? name;
  const [were, are] = [typesOf(old), typesOf(now)];
  const [used, accepted] = side === 'sent' ? [were, are] : [are, were];
  if (were.length > 0 && are.length > 0 && !used.every((type) => accepted.includes(type)))
    return report(`${where}: ${title} is ${are.join(' or ')}, where it was ${were.join(' or ')}.`);
  if (side === 'sent') compareLimits(old, now, title, walk);
  if (old.items) compareSchemas(old.items, now.items, `an item of ${title}`, walk);
  for (const [index, one] of (old.oneOf ?? []).entries())
    compareSchemas(one, now.oneOf?.[index], `${title} ${index + 1}`, walk);
  compareFields(old, now, title, walk);
}

function compareFields(old: Schema, now: Schema, title: string, walk: Walk): void {
  const { side, report } = walk;
  const [known, current] = [old.properties ?? {}, now.properties ?? {}];
  const added = Object.keys(current).filter((field) => !known[field]);
  const renamed = added.length > 0 ? ` (renamed to ${added.join(' or ')}?)` : '';
  for (const [field, schema] of Object.entries(known)) {
    const next = current[field];
    if (next) compareSchemas(schema, next, `${title}.${field}`, walk);
    else report(`The field ${field} of ${title} is gone${renamed}.`);
  }
  const [wasRequired, isRequired] = [old.required ?? [], now.required ?? []];
  if (side === 'sent')
    for (const field of isRequired.filter((one) => !wasRequired.includes(one)))
      report(`The field ${field} of ${title} is required now.`);
  else
    for (const field of wasRequired.filter((one) => current[one] && !isRequired.includes(one)))
      report(`The field ${field} of ${title} is optional now.`);
}

const LIMITS = ['maxLength', 'maximum', 'maxItems', 'minLength', 'minimum'] as const;

function compareLimits(old: Schema, now: Schema, title: string, { report }: Walk): void {
  for (const limit of LIMITS) {
    const next = now[limit];
    if (next === undefined) continue;
    const isMaximum = limit.startsWith('max');
    const last = old[limit] ?? (isMaximum ? Infinity : -Infinity);
    if (isMaximum ? next < last : next > last)
      report(`${title}: ${limit} is ${next}, where it was ${old[limit] ?? 'unlimited'}.`);
  }
  const lost = (old.enum ?? []).filter((value) => now.enum && !now.enum.includes(value));
  if (lost.length > 0) report(`${title} no longer accepts ${lost.join(', ')}.`);
}

const typesOf = ({ type = [] }: Schema) => [type].flat();

const nameOf = ({ $ref }: Schema) => $ref?.replace('#/components/schemas/', '');

function resolve(schema: Schema, { components }: OpenApi): Schema {
  const name = nameOf(schema);
  return name ? (components?.schemas?.[name] ?? {}) : schema;
}
