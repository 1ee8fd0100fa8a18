// npm run remove -- media              a service, and those that use its schema
// npm run remove -- pictures           a feature, in all services that have it
// npm run remove -- picture.published  an event
// npm run remove -- mail.welcome       a job
import { SERVICE_NAMES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { removeEvent } from './event.ts';
import { generatedFeaturesOf, removeFeature } from './feature.ts';
import { removeJob } from './job.ts';
import { isService, removeService } from './service.ts';
import { link, runCommand, sync } from './workspace.ts';

/** Without these no user can log in. */
const REQUIRED = ['auth', 'users'];

await runCommand(async ([name, ...others]) => {
  if (!name || others.length > 0)
    throw new Failure('Give one name: npm run remove -- <name of a service, feature, job or event>');
  if (REQUIRED.includes(name)) throw new Failure(`${name} cannot be removed: the other services need it.`);
  const removed = isService(name) ? await removeService(name) : await removePart(name);
  await link();
  await sync();
  console.log(`Removed ${removed.join(' and ')}. Review the changes with git status and git diff.`);
});

async function removePart(name: string): Promise<string[]> {
  if (removeEvent(name) || removeJob(name)) return [name];
  const owners = SERVICE_NAMES.filter((service) => generatedFeaturesOf(service).includes(name));
  if (owners.length === 0) {
    const all = SERVICE_NAMES.flatMap((service) => [service, ...generatedFeaturesOf(service)]);
    const choices = [...new Set(all)].filter((other) => !REQUIRED.includes(other));
    throw new Failure(
      `Nothing that can be removed is called "${name}": choose from ${choices.join(', ')}, or name an event or a generated job.`,
    );
  }
  for (const service of owners) await removeFeature(service, name);
  return [name];
}
