// @ts-check
// What a client of the old API would stumble over in the new one.
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * @typedef {Record<string, any>} Json
 * @typedef {{ say: (sentence: string) => void, before: Json, after: Json, side: 'sent' | 'answered', where: string }} Walk
 */

/**
 * @param {Json} before  an OpenAPI document
 * @param {Json} after
 * @returns {string[]} a sentence for each change that breaks clients
 */
export function breakingChanges(before, after) {
  /** @type {Set<string>} */
  const sentences = new Set();
  const say = (/** @type {string} */ sentence) => void sentences.add(sentence);
  for (const [path, item] of Object.entries(before.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const where = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now) compareOperations(item[method], now, { say, before, after, where });
      else say(`${where} is gone.`);
    }
  }
  return [...sentences];
}

/** @param {Json} old @param {Json} now @param {Omit<Walk, 'side'>} walk */
function compareOperations(old, now, walk) {
  const { say, where } = walk;
  const parameters = (/** @type {Json} */ operation) =>
    new Map(
      (operation.parameters ?? []).map((/** @type {Json} */ one) => [`${one.in} parameter ${one.name}`, one]),
    );
  const [known, current] = [parameters(old), parameters(now)];
  for (const [name, parameter] of known) {
    const next = current.get(name);
    if (!next) say(`${where}: the ${name} is gone.`);
    else compareSchemas(parameter.schema, next.schema, name, { ...walk, side: 'sent' });
  }
  for (const [name, { required }] of current)
    if (required && !known.get(name)?.required) say(`${where}: the ${name} has to be sent now.`);

  compareContents(old.requestBody, now.requestBody, 'the body', { ...walk, side: 'sent' });
  for (const [status, answer] of Object.entries(old.responses)) {
    if (now.responses[status])
      compareContents(answer, now.responses[status], `the answer ${status}`, { ...walk, side: 'answered' });
    else say(`${where}: the answer ${status} is gone.`);
  }
}

/** @param {Json | undefined} old @param {Json | undefined} now @param {string} name @param {Walk} walk */
function compareContents(old, now, name, walk) {
  for (const [type, { schema }] of Object.entries(old?.content ?? {})) {
    const next = now?.content?.[type];
    if (next) compareSchemas(schema, next.schema, name, walk);
    else walk.say(`${walk.where}: ${name} is no ${type} any more.`);
  }
}

/** @param {Json} oldOrRef @param {Json} nowOrRef @param {string} name @param {Walk} walk */
function compareSchemas(oldOrRef, nowOrRef, name, walk) {
  const { before, after, side, say, where } = walk;
  const [old, now] = [resolve(oldOrRef, before), resolve(nowOrRef, after)];
  const title = nameOf(oldOrRef) ?? name;
  const [were, are] = [typesOf(old), typesOf(now)];
  const [wanted, allowed] = side === 'sent' ? [were, are] : [are, were];
  if (were.length > 0 && are.length > 0 && !wanted.every((type) => allowed.includes(type)))
    return say(`${where}: ${title} is ${are.join(' or ')}, where it was ${were.join(' or ')}.`);
  if (side === 'sent') compareLimits(old, now, title, walk);
  if (old.items) compareSchemas(old.items, now.items ?? {}, `an item of ${title}`, walk);
  for (const [index, one] of (old.oneOf ?? []).entries())
    compareSchemas(one, now.oneOf?.[index] ?? {}, `${title} ${index + 1}`, walk);
  compareFields(old, now, title, walk);
}

/** @param {Json} old @param {Json} now @param {string} title @param {Walk} walk */
function compareFields(old, now, title, walk) {
  const { side, say } = walk;
  const [known, current] = [old.properties ?? {}, now.properties ?? {}];
  const added = Object.keys(current).filter((field) => !known[field]);
  for (const [field, schema] of Object.entries(known)) {
    const next = current[field];
    if (next) compareSchemas(schema, next, `${title}.${field}`, walk);
    else
      say(
        `The field ${field} of ${title} is gone${added.length > 0 ? ` (renamed to ${added.join(' or ')}?)` : ''}.`,
      );
  }
  for (const field of now.required ?? [])
    if (side === 'sent' && !old.required?.includes(field))
      say(`The field ${field} of ${title} has to be sent now.`);
  for (const field of old.required ?? [])
    if (side === 'answered' && current[field] && !now.required?.includes(field))
      say(`The field ${field} of ${title} may be missing now.`);
}

/** @param {Json} old @param {Json} now @param {string} title @param {Walk} walk */
function compareLimits(old, now, title, { say }) {
  for (const [limit, tighter] of /** @type {[string, (from: number, to: number) => boolean][]} */ ([
    ['maxLength', (from, to) => to < from],
    ['maximum', (from, to) => to < from],
    ['maxItems', (from, to) => to < from],
    ['minLength', (from, to) => to > from],
    ['minimum', (from, to) => to > from],
  ])) {
    const loose = limit.startsWith('max') ? Infinity : -Infinity;
    if (now[limit] !== undefined && tighter(old[limit] ?? loose, now[limit]))
      say(`${title}: ${limit} is ${now[limit]}, where it was ${old[limit] ?? 'open'}.`);
  }
  const lost = (old.enum ?? []).filter(
    (/** @type {unknown} */ value) => now.enum && !now.enum.includes(value),
  );
  if (lost.length > 0) say(`${title} does not take ${lost.join(', ')} any more.`);
}

/** @param {Json} schema @returns {string[]} */
const typesOf = ({ type }) => (type ? [type].flat() : []);

/** @param {Json} schema */
const nameOf = (schema) => schema.$ref?.replace('#/components/schemas/', '');

/** @param {Json} schema @param {Json} document @returns {Json} */
const resolve = (schema, document) =>
  schema.$ref ? (document.components.schemas[nameOf(schema)] ?? {}) : schema;
