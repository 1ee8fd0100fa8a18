// @ts-check
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { removeFrom, addTo, generateMigration, link, rebuild, root } from './workspace.ts';
import { nounOfFeature } from './feature.ts';
import { placesOfFeature } from './feature-places.ts';
import { placesOfService } from './places.ts';
import { writeTemplate } from './templates.ts';
import { isTaken } from './taken-names.ts';
import { filesAboutService, forget } from './traces.ts';

/** @param {string} name */
export async function addService(name) {
  if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
    throw new Failure(`"${name}" is no name for a service: small letters and digits, as in media.`);
  if (
    SERVICE_NAMES.includes(/** @type {any} */ (name)) ||
    isTaken(name) ||
    filesAboutService(name).length > 0 ||
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
 * @returns {Promise<string[]>} what went
 */
export async function removeService(name) {
  const gone = SERVICE_NAMES.filter((service) => service === name || SERVICES[service].schema === name);
  const features = gone.flatMap(featuresOf);
  for (const service of gone) {
    for (const feature of featuresOf(service))
      removeFrom(placesOfFeature(service, nounOfFeature(service, feature)));
    removeFrom(placesOfService(service));
    for (const path of [
      `apps/${service}`,
      `packages/contracts/src/${service}`,
      `nginx/services/${service}.conf`,
    ])
      rmSync(join(root, path), { recursive: true, force: true });
  }
  await forget({ services: gone, features });
  return gone;
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
