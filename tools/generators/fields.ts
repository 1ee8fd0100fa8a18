// @ts-check
import { Failure } from '../lib/failure.ts';
import { KINDS } from './field-kinds.ts';
import { camelOf } from './names.ts';

/**
 * A field as the command line says it: `title:string:2..30`, `published_at:datetime?`.
 *
 * @typedef {{ name: string, camel: string, kind: string, optional: boolean, min?: number, max?: number }} Field
 */

const SPEC = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)*):([a-z]+)(?::(-?\d+)\.\.(-?\d+))?(\?)?$/;
/** Beyond that, names of indexes and filters become too long for Postgres. */
const LONGEST_NAME = 40;

/**
 * @param {string} text
 * @param {Record<string, string>} [taken]  names that a field cannot have, and why
 * @returns {Field[]}
 */
export function parseFields(text, taken = {}) {
  const fields = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseField);
  for (const [index, { name, camel }] of fields.entries()) {
    if (Object.hasOwn(taken, name)) throw new Failure(`A field cannot be called ${name}: ${taken[name]}.`);
    const same = fields.slice(0, index).find((other) => other.camel === camel);
    if (same?.name === name) throw new Failure(`The field ${name} is there twice.`);
    if (same) throw new Failure(`${same.name} and ${name} are both ${camel} in code: rename one of them.`);
  }
  if (!fields.some(({ optional }) => !optional))
    throw new Failure('At least one field has to be there always: leave out its "?".');
  return fields;
}

/** @param {string} text @returns {Field} */
function parseField(text) {
  const [, name, kind = '', min, max, optional] = SPEC.exec(text) ?? [];
  if (!name || !Object.hasOwn(KINDS, kind))
    throw new Failure(
      `"${text}" is no field: write name:kind, name:kind:min..max, and a "?" behind what may be missing; kinds are ${Object.keys(KINDS).join(', ')}.`,
    );
  const camel = camelOf(name);
  if (name in Object.prototype || camel in Object.prototype)
    throw new Failure(
      `A field cannot be called ${name}: every object in JavaScript has something of that name.`,
    );
  if (name.length > LONGEST_NAME)
    throw new Failure(`The name ${name} is longer than ${LONGEST_NAME} characters: choose a shorter one.`);
  return { ...{ name, camel, kind, optional: Boolean(optional) }, ...limitsOf(text, kind, min, max) };
}

/** @param {string} text @param {string} kind @param {string} [min] @param {string} [max] */
function limitsOf(text, kind, min, max) {
  const limits = KINDS[kind]?.limits;
  if (!limits) {
    if (min) throw new Failure(`"${text}": a ${kind} has no limits.`);
    return {};
  }
  if (!min) return { min: limits.standard[0], max: limits.standard[1] };
  const [least, most] = limits.widest;
  if (Number(min) > Number(max)) throw new Failure(`"${text}": ${min} is more than ${max}.`);
  if (Number(min) < least || Number(max) > most || (kind !== 'int' && Number(max) < 1))
    throw new Failure(
      `"${text}": limits of ${kind} are from ${least} to ${most}, and leave room for something.`,
    );
  return { min: Number(min), max: Number(max) };
}

/** As much as a service and the gateway take of any body. */
const STANDARD_BODY_KB = 16;
const STEP_KB = 4;

/**
 * The kilobytes that the longest legal body has, when they are more than any body may have.
 *
 * @param {Field[]} fields
 * @returns {number | undefined}
 */
export function longestBodyKb(fields) {
  const bytes = fields.reduce(
    (sum, field) => sum + field.name.length + 8 + (KINDS[field.kind]?.bytes(field) ?? 0),
    16,
  );
  const kb = Math.ceil(bytes / 1024 / STEP_KB) * STEP_KB;
  return kb > STANDARD_BODY_KB ? kb : undefined;
}
