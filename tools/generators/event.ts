import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { type Edit, insertion, listItem, shared } from './edits.ts';
import { spellingsOf } from './names.ts';
import { CONTRACTS_INDEX, REGISTRY, rightsOf } from './service-edits.ts';
import { applyEdits, removeFile, revertEdits, sync } from './workspace.ts';

const EVENT_MAP = 'packages/contracts/src/messaging/event-map.ts';

export async function addEvent(service: string, event: string): Promise<void> {
  if (!SERVICE_NAMES.some((name) => name === service))
    throw new Failure(`There is no service "${service}": choose from ${SERVICE_NAMES.join(', ')}.`);
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(event))
    throw new Failure(
      `"${event}" is no name for an event: use a noun and a past verb, as in picture.published.`,
    );
  const publisher = publisherOf(event);
  if (publisher) throw new Failure(`${publisher} publishes ${event} already: choose another name.`);
  const path = join(ROOT, fileOf(service));
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `\n/** The events that ${service} publishes. */\nexport const ${service}Events = {\n};\n`,
    );
    applyEdits(eventsFileEdits(service));
  }
  applyEdits(eventEdits(service, event));
  await sync();
}

/** Returns whether there was such an event. */
export function removeEvent(event: string): boolean {
  const service = publisherOf(event);
  if (!service) return false;
  revertEdits(eventEdits(service, event));
  const path = join(ROOT, fileOf(service));
  if (/Events = \{\s*\}/.test(readFileSync(path, 'utf8'))) {
    revertEdits(eventsFileEdits(service));
    removeFile(fileOf(service));
  }
  return true;
}

/** The edits that name the file with the events of a service. */
export function eventsFileEdits(service: string): Edit[] {
  const events = `${service}Events`;
  const file = `${service}/${service}.events.js`;
  return [
    insertion(CONTRACTS_INDEX, `export * from './${file}';`, { after: /^export/ }),
    insertion(EVENT_MAP, `import { ${events} } from '../${file}';`, { after: /^import / }),
    listItem(EVENT_MAP, /^export const EVENTS = \{/m, `...${events}`),
  ];
}

function eventEdits(service: string, event: string): Edit[] {
  const file = fileOf(service);
  const payload = spellingsOf(event.replace('.', '-')).pascal;
  const declaration = `\n/** The data of \`${event}\`. */\nexport class ${payload} {\n  @IntField()\n  id: number;\n}`;
  const imported = insertion(file, `import { IntField } from '../rules/index.js';`, { before: /^/ });
  return [
    shared(imported, (text) => text.includes('@IntField(')),
    insertion(file, declaration, { after: /^import / }),
    insertion(file, `  '${event}': ${payload},`, { endOf: /^export const \w+Events = \{/ }),
    ...sharingOutbox(service).map((name) => listItem(REGISTRY, rightsOf(name, 'publishes'), `'${event}'`)),
  ];
}

/** The services that publish from the outbox of a service: those that work in its schema. */
const sharingOutbox = (service: string) => {
  const schema = Object.entries(SERVICES).find(([name]) => name === service)?.[1].schema;
  return SERVICE_NAMES.filter((name) => SERVICES[name].schema === schema);
};

const publisherOf = (event: string): string | undefined =>
  SERVICE_NAMES.find((service) => {
    const path = join(ROOT, fileOf(service));
    return existsSync(path) && readFileSync(path, 'utf8').includes(`'${event}':`);
  });

const fileOf = (service: string): string => `packages/contracts/src/${service}/${service}.events.ts`;
