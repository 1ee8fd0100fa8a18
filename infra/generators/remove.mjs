// @ts-check
// npm run remove -- posts          a service, with those that work in its schema
// npm run remove -- comments       a feature, wherever it is
// npm run remove -- post.archived  an event
// npm run remove -- mail.welcome   a job
import { Failure } from '../local/failure.mjs';
import { SERVICE_NAMES } from '../services.mjs';
import { removeEvent } from './event.mjs';
import { removeFeature } from './feature.mjs';
import { removeJob } from './job.mjs';
import { featuresOf, removeService } from './service.mjs';
import { link, prepare, rebuild } from './workspace.mjs';

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
  if (!name || rest.length > 0) throw new Failure('Usage: npm run remove -- <service> or <feature>');
  if (NEEDED.includes(name)) throw new Failure(`${name} cannot go: the other services need it.`);
  const gone = SERVICE_NAMES.includes(/** @type {any} */ (name)) ? removeService(name) : removeOnly(name);
  await link();
  await rebuild();
  console.log(`Removed ${gone.join(' and ')}. Read what changed with git status.`);
}

/** @param {string} feature */
function removeOnly(feature) {
  if (removeEvent(feature) || removeJob(feature)) return [feature];
  const services = SERVICE_NAMES.filter((service) => featuresOf(service).includes(feature));
  if (services.length === 0)
    throw new Failure(
      `There is no "${feature}": choose from ${SERVICE_NAMES.flatMap((service) => [service, ...featuresOf(service)]).join(', ')}.`,
    );
  for (const service of services) removeFeature(service, feature);
  return [feature];
}
