import { Failure } from '../lib/failure.ts';
import { type Field, type Kind, KINDS } from './field-kinds.ts';
import { spellingsOf } from './names.ts';

const SPEC = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)*):([a-z]+)(?::(-?\d+)\.\.(-?\d+))?(\?)?$/;
/** With a longer name, the names of indexes and filters become too long for PostgreSQL. */
const MAX_NAME_LENGTH = 40;

/** The fields of a text such as `title:string:2..30 rating:int?`. `taken` are names that no field can have. */
export function parseFields(text: string, taken: string[] = []): Field[] {
  const fields = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseField);
  for (const [index, { name, camel }] of fields.entries()) {
    if (taken.includes(name))
      throw new Failure(
        `A field cannot be called ${name}: every feature has a column or a parameter ${name}.`,
      );
    const same = fields.slice(0, index).find((other) => other.camel === camel);
    if (same?.name === name) throw new Failure(`The field ${name} is there twice: remove one of them.`);
    if (same) throw new Failure(`${same.name} and ${name} are both ${camel} in code: rename one of them.`);
  }
  if (!fields.some(({ optional }) => !optional))
    throw new Failure('At least one field has to be required: remove its "?".');
  return fields;
}

function parseField(text: string): Field {
  const [, name, kindName = '', min, max, optional] = SPEC.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, kindName) ? KINDS[kindName] : undefined;
  if (!name || !kind)
    throw new Failure(
      `"${text}" is no field: write name:kind or name:kind:min..max, with a "?" at the end when it is optional; kinds are ${Object.keys(KINDS).join(', ')}.`,
    );
  const { camel } = spellingsOf(name.replaceAll('_', '-'));
  if (name in Object.prototype || camel in Object.prototype)
    throw new Failure(
      `A field cannot be called ${name}: every object in JavaScript has a property ${camel}.`,
    );
  if (name.length > MAX_NAME_LENGTH)
    throw new Failure(`The name ${name} is longer than ${MAX_NAME_LENGTH} characters: choose a shorter one.`);
  return { name, camel, kind, optional: Boolean(optional), ...limitsOf(text, kind, min, max) };
}

function limitsOf(text: string, { type, limits }: Kind, min?: string, max?: string) {
  if (!limits) {
    if (min) throw new Failure(`"${text}": this kind has no limits; remove them.`);
    return {};
  }
  if (!min) return { min: limits.standard[0], max: limits.standard[1] };
  const [least, most] = limits.widest;
  if (Number(min) > Number(max)) throw new Failure(`"${text}": ${min} is more than ${max}.`);
  const allowsNothing = type === 'string' && Number(max) < 1;
  if (Number(min) < least || Number(max) > most || allowsNothing)
    throw new Failure(
      `"${text}": choose limits from ${least} to ${most}${allowsNothing ? ', the upper at least 1' : ''}.`,
    );
  return { min: Number(min), max: Number(max) };
}

/** The limit of a request body by default, in services and gateway. */
const STANDARD_BODY_KB = 16;
const STEP_KB = 4;

/** The kilobytes of the longest valid body, when they are more than the default limit allows. */
export function longestBodyKb(fields: Field[]): number | undefined {
  const bytes = fields.reduce((sum, field) => sum + field.name.length + 8 + field.kind.maxBytes(field), 16);
  const kb = Math.ceil(bytes / 1024 / STEP_KB) * STEP_KB;
  return kb > STANDARD_BODY_KB ? kb : undefined;
}
