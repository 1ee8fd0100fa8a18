// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
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
  const publisher = publisherOf(event);
  if (publisher) throw new Failure(`${publisher} publishes ${event} already.`);
  const file = join(root, fileOf(service));
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `/** Events that ${service} publishes. */\nexport const ${service}Events = {\n};\n`);
    addTo(placesOfEvents(service));
  }
  addTo([placeOfEvent(service, event), ...rightsToPublish(service, event)]);
  await rebuild();
}

/** @param {string} event @returns {string | undefined} the service that published it */
export function removeEvent(event) {
  const service = publisherOf(event);
  if (!service) return undefined;
  removeFrom([placeOfEvent(service, event), ...rightsToPublish(service, event)]);
  const text = readFileSync(join(root, fileOf(service)), 'utf8');
  if (/Events = \{\s*\}/.test(text)) {
    removeFrom(placesOfEvents(service));
    rmSync(join(root, fileOf(service)));
    removeIfEmpty(dirname(join(root, fileOf(service))));
  }
  return service;
}

/** @param {string} event */
function publisherOf(event) {
  return SERVICE_NAMES.find((service) => {
    const file = join(root, fileOf(service));
    return existsSync(file) && readFileSync(file, 'utf8').includes(`'${event}':`);
  });
}

/** @param {string} service @param {string} event @returns {import('./places.ts').Place} */
function placeOfEvent(service, event) {
  const payload = payloadOf(event);
  const declaration = `/** The payload of \`${event}\`. */\nexport class ${payload} {\n  @IntField()\n  id: number;\n}\n\n`;
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

/**
 * The right to publish it: of every service that works in the schema, because each of them publishes from its outbox.
 *
 * @param {string} service @param {string} event @returns {import('./places.ts').Place[]}
 */
function rightsToPublish(service, event) {
  const { schema } = SERVICES[service];
  return SERVICE_NAMES.filter((name) => SERVICES[name].schema === schema).map((name) => {
    const publishes = new RegExp(`(\\n  ${name}: \\{[^}]*?publishes: \\[)([^\\]]*?)(?=,?\\s*\\])`);
    return {
      file: 'infra/services.ts',
      add: (text) => edit.addToList(text, publishes, `'${event}'`),
      remove: (text) => edit.removeFromList(text, publishes, `'${event}'`),
    };
  });
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
