// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';
import * as edit from './edit.ts';
import { forms } from './names.ts';
import { EVENT_MAP } from './places.ts';
import { addTo, rebuild, removeFrom, removeIfEmpty, root } from './workspace.ts';

const INT_FIELD = `import { IntField } from '../rules/number.fields.js';\n`;
/** @param {string} service */
const fileOf = (service) => `packages/contracts/src/${service}/${service}.events.ts`;
/** @param {string} event */
const payloadOf = (event) => forms(event.replaceAll('.', '-')).pascal;

/** @param {string} service @param {string} event */
export async function addEvent(service, event) {
  if (!SERVICE_NAMES.includes(/** @type {any} */ (service)))
    throw new Failure(`There is no service "${service}": choose from ${SERVICE_NAMES.join(', ')}.`);
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(event))
    throw new Failure(
      `"${event}" is no name for an event: a noun and what happened to it, as in picture.published.`,
    );
  const teller = tellerOf(event);
  if (teller) throw new Failure(`${teller} tells of ${event} already.`);
  const file = join(root, fileOf(service));
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `/** What ${service} tells. */\nexport const ${service}Events = {\n};\n`);
    addTo(placesOfEvents(service));
  }
  addTo([placeOfEvent(service, event), announcement(service, event)]);
  await rebuild();
}

/** @param {string} event @returns {string | undefined} the service that told of it */
export function removeEvent(event) {
  const service = tellerOf(event);
  if (!service) return undefined;
  removeFrom([placeOfEvent(service, event)]);
  const text = readFileSync(join(root, fileOf(service)), 'utf8');
  if (!text.includes(`'${event.split('.')[0]}.`)) removeFrom([announcement(service, event)]);
  if (/Events = \{\s*\}/.test(text)) {
    removeFrom(placesOfEvents(service));
    rmSync(join(root, fileOf(service)));
    removeIfEmpty(dirname(join(root, fileOf(service))));
  }
  return service;
}

/** @param {string} event */
function tellerOf(event) {
  return SERVICE_NAMES.find((service) => {
    const file = join(root, fileOf(service));
    return existsSync(file) && readFileSync(file, 'utf8').includes(`'${event}':`);
  });
}

/** @param {string} service @param {string} event @returns {import('./places.ts').Place} */
function placeOfEvent(service, event) {
  const payload = payloadOf(event);
  const declaration = `/** What is told of \`${event}\`. */\nexport class ${payload} {\n  @IntField()\n  id: number;\n}\n\n`;
  return {
    file: fileOf(service),
    add: (text) =>
      withIntField(text)
        .replace(/^\/\*\* .* \*\/\n(?=export const \w+Events )/m, `${declaration}$&`)
        .replace(/(export const \w+Events = \{[^}]*)\}/, `$1  '${event}': ${payload},\n}`),
    remove: (text) => withoutUnused(text.replace(declaration, '').replace(`  '${event}': ${payload},\n`, '')),
  };
}

/** @param {string} text */
function withIntField(text) {
  if (text.includes(INT_FIELD)) return text;
  return `${INT_FIELD}${text.startsWith('import ') ? '' : '\n'}${text}`;
}

/** @param {string} text */
function withoutUnused(text) {
  return text.includes('@IntField(') ? text : text.replace(INT_FIELD, '').trimStart();
}

/** The right to publish what is about a noun. @param {string} service @param {string} event */
function announcement(service, event) {
  const noun = `'${event.split('.')[0]}'`;
  const announces = new RegExp(`(\\n  ${service}: \\{[^}]*?announces: \\[)([^\\]]*)`);
  return {
    file: 'infra/services.ts',
    add: (/** @type {string} */ text) =>
      text.match(announces)?.[2]?.includes(noun) ? text : edit.addToList(text, announces, noun),
    remove: (/** @type {string} */ text) => edit.removeFromList(text, announces, noun),
  };
}

/** Where a file of events is named. @param {string} service @returns {import('./places.ts').Place[]} */
function placesOfEvents(service) {
  const events = `${service}Events`;
  const file = `${service}/${service}.events.js`;
  return [
    {
      file: 'packages/contracts/src/index.ts',
      add: (text) => edit.insertInOrder(text, /^export/, `export * from './${file}';`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`'\\./${file}'`)),
    },
    {
      file: 'packages/contracts/src/messaging/event-map.ts',
      add: (text) =>
        edit.addToList(
          edit.insertInOrder(text, /^import /, `import { ${events} } from '../${file}';`),
          EVENT_MAP,
          `...${events}`,
        ),
      remove: (text) =>
        edit.removeFromList(
          edit.removeBlocks(text, new RegExp(`'\\.\\./${file}'`)),
          EVENT_MAP,
          `...${events}`,
        ),
    },
  ];
}
