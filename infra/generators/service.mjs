// @ts-check
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../local/failure.mjs';
import { SERVICE_NAMES, SERVICES } from '../services.mjs';
import { removeFrom, addTo, generateMigration, link, rebuild, root } from './workspace.mjs';
import { nounOfFeature } from './feature.mjs';
import { placesOfFeature } from './feature-places.mjs';
import { placesOfService } from './places.mjs';
import { writeTemplate } from './templates.mjs';

/** What NGINX, PostgreSQL or the API mean something else by. */
const TAKEN = [
  'any',
  'app',
  'api',
  'docs',
  'health',
  'nginx',
  'postgres',
  'public',
  'redis',
  'nats',
  'seed',
  'secrets',
];

/** @param {string} name */
export async function addService(name) {
  if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
    throw new Failure(`"${name}" is no name for a service: small letters and digits, as in media.`);
  if (
    SERVICE_NAMES.includes(/** @type {any} */ (name)) ||
    TAKEN.includes(name) ||
    existsSync(join(root, 'apps', name))
  )
    throw new Failure(`The name ${name} is taken: choose another one.`);
  const port = nextPort();
  writeTemplate('service', root, { service: name, port });
  addTo(placesOfService(name, { port }));
  await link();
  await generateMigration(name, `create-${name}`);
  await rebuild();
}

/**
 * Takes a service out, and with it those that work in its schema.
 *
 * @param {string} name
 * @returns {string[]} what went
 */
export function removeService(name) {
  const gone = SERVICE_NAMES.filter((service) => service === name || SERVICES[service].schema === name);
  for (const service of gone) {
    const features = featuresOf(service);
    for (const feature of features) removeFrom(placesOfFeature(service, nounOfFeature(service, feature)));
    removeFrom(placesOfService(service));
    for (const path of [
      `apps/${service}`,
      `packages/contracts/src/${service}`,
      `nginx/services/${service}.conf`,
      ...features.flatMap((feature) => [
        `e2e/contract/${feature}.spec.ts`,
        `e2e/journeys/${feature}.spec.ts`,
      ]),
    ])
      rmSync(join(root, path), { recursive: true, force: true });
  }
  forgetSources();
  return gone;
}

/** Guides show code of the services: what is gone stays in them as an example, and is not compared any more. */
function forgetSources() {
  for (const name of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.md') || name.includes('node_modules')) continue;
    const file = join(root, 'docs', name);
    const text = readFileSync(file, 'utf8');
    const kept = text.replace(/^<!-- from ((?:apps|packages)\/[^#\s]+).*-->\n/gm, (marker, source) =>
      existsSync(join(root, source)) ? marker : '',
    );
    if (kept !== text) writeFileSync(file, kept);
  }
}

/** Folders of a service with a controller. @param {string} service */
export function featuresOf(service) {
  const source = join(root, 'apps', service, 'src');
  if (!existsSync(source)) return [];
  return readdirSync(source).filter((folder) => existsSync(join(source, folder, `${folder}.controller.ts`)));
}

/** The last two digits of the ports of a process; every app has some of its own. */
function nextPort() {
  const taken = SERVICE_NAMES.flatMap((service) => {
    const config = readFileSync(join(root, 'apps', service, 'src/app.config.ts'), 'utf8');
    return [...config.matchAll(/ort: (?:30|90)(\d\d)\b/g)].map(([, digits]) => Number(digits));
  });
  return Math.max(...taken) + 1;
}
