import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '../../packages/contracts/dist/index.js';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { eventsFileEdits } from './event.ts';
import { featureEdits } from './feature-edits.ts';
import { nounOfFeature } from './feature.ts';
import { filesAboutService, removeReferences } from './references.ts';
import { isReserved } from './reserved-names.ts';
import { serviceEdits } from './service-edits.ts';
import { writeTemplate } from './templates.ts';
import { applyEdits, generateMigration, link, revertEdits, sync } from './workspace.ts';

export const isService = (name: string): name is ServiceName =>
  SERVICE_NAMES.some((service) => service === name);

export async function addService(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
    throw new Failure(
      `"${name}" is no name for a service: use 2 to 20 small letters and digits, as in media.`,
    );
  const exists =
    isService(name) || existsSync(join(ROOT, 'apps', name)) || filesAboutService(name).length > 0;
  if (exists || isReserved(name)) throw new Failure(`The name ${name} is taken: choose another one.`);
  const port = Math.max(...SERVICE_NAMES.map(portOf)) + 1;
  writeTemplate('service', { service: name, port });
  applyEdits(serviceEdits(name, port));
  await link();
  await generateMigration(name, `create-${name}`);
  await sync();
}

/** Removes a service and those that use its schema. Returns the names of all that were removed. */
export async function removeService(name: ServiceName): Promise<string[]> {
  const removed = SERVICE_NAMES.filter((service) => service === name || SERVICES[service].schema === name);
  const features = removed.flatMap(featuresOf);
  for (const service of removed) {
    for (const feature of featuresOf(service))
      revertEdits(featureEdits(service, nounOfFeature(service, feature)));
    revertEdits([...serviceEdits(service, portOf(service)), ...eventsFileEdits(service)]);
    for (const path of [
      `apps/${service}`,
      `packages/contracts/src/${service}`,
      `nginx/services/${service}.conf`,
    ])
      rmSync(join(ROOT, path), { recursive: true, force: true });
  }
  await removeReferences(removed, features);
  return removed;
}

/** The folders of a service that have a controller. */
function featuresOf(service: string): string[] {
  const source = join(ROOT, 'apps', service, 'src');
  return readdirSync(source).filter((folder) => existsSync(join(source, folder, `${folder}.controller.ts`)));
}

/** The last two digits of the ports of a service. */
function portOf(service: string): number {
  const config = readFileSync(join(ROOT, 'apps', service, 'src/app.config.ts'), 'utf8');
  return Number(/ort: (?:30|90)(\d\d)\b/.exec(config)?.[1]);
}
