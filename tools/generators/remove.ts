// @ts-check
// npm run remove -- posts          a service, with those that work in its schema
// npm run remove -- comments       a feature, wherever it is
// npm run remove -- post.archived  an event
// npm run remove -- mail.welcome   a job
import { Failure } from '../lib/failure.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { removeEvent } from './event.ts';
import { generatedFeaturesOf, removeFeature } from './feature.ts';
import { removeJob } from './job.ts';
import { removeService } from './service.ts';
import { link, prepare, rebuild } from './workspace.ts';

/** Nobody could log in. */
const NEEDED = ['auth', 'users'];

try {
  await prepare();
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  if (error.details) console.error(error.details);
  console.error(error.message);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function main([name, ...rest]) {
  if (!name || rest.length > 0)
    throw new Failure('Usage: npm run remove -- <service>, <feature>, <job> or <event>');
  if (NEEDED.includes(name)) throw new Failure(`${name} cannot go: the other services need it.`);
  const gone = SERVICE_NAMES.includes(/** @type {any} */ (name))
    ? await removeService(name)
    : await removeOnly(name);
  await link();
  await rebuild();
  console.log(`Removed ${gone.join(' and ')}. Read what changed with git status.`);
}

/** @param {string} name */
async function removeOnly(name) {
  if (removeEvent(name) || removeJob(name)) return [name];
  const services = SERVICE_NAMES.filter((service) => generatedFeaturesOf(service).includes(name));
  if (services.length === 0) {
    const all = SERVICE_NAMES.flatMap((service) => [service, ...generatedFeaturesOf(service)]);
    const choice = [...new Set(all)].filter((other) => !NEEDED.includes(other));
    throw new Failure(
      `There is nothing to remove that is called "${name}": choose from ${choice.join(', ')}.`,
    );
  }
  for (const service of services) await removeFeature(service, name);
  return [name];
}
