// npm run gen: writes a service, a feature, a job or an event.
import { parseArguments } from '../lib/arguments.ts';
import { Failure } from '../lib/failure.ts';
import { addEvent } from './event.ts';
import { addFeature, STANDARD_FIELDS } from './feature.ts';
import { addJob, STANDARD_PAYLOAD } from './job.ts';
import { addService } from './service.ts';
import { runCommand } from './workspace.ts';

interface Generator {
  names: string[];
  /** The default; absent where there are no fields. */
  fields?: string;
  add(names: string[], fields: string): Promise<void>;
  /** Printed when it is done. */
  next(...names: string[]): string;
}

const GENERATORS: Record<string, Generator> = {
  service: {
    names: ['name'],
    add: ([name = '']) => addService(name),
    next: (name) => `npm start runs it. Add a feature to it: npm run gen -- feature ${name} <name>`,
  },
  feature: {
    names: ['service', 'name'],
    fields: STANDARD_FIELDS,
    add: ([service = '', name = ''], fields) => addFeature(service, name, fields),
    next: (service) => `Read apps/${service}/src, and run its tests: npm test -- ${service}`,
  },
  job: {
    names: ['name'],
    fields: STANDARD_PAYLOAD,
    add: ([name = ''], fields) => addJob(name, fields),
    next: () => 'Read apps/worker/src/jobs, and docs/guides/jobs.md for how to request it.',
  },
  event: {
    names: ['service', 'noun.past-verb'],
    add: ([service = '', event = '']) => addEvent(service, event),
    next: (_, event) =>
      `Publish it with tx.emit('${event}', { id }), and subscribe to it as in docs/guides/events.md.`,
  },
};

const USAGE = `Usage:
  npm run gen -- service <name>
  npm run gen -- feature <service> <name> [--fields "${STANDARD_FIELDS}"]
  npm run gen -- job <name> [--fields "${STANDARD_PAYLOAD}"]
  npm run gen -- event <service> <noun.past-verb>`;

await runCommand(async (args) => {
  const { positionals, values } = parseArguments(USAGE, {
    args,
    allowPositionals: true,
    options: { fields: { type: 'string' } },
  });
  const [kind = '', ...names] = positionals;
  const generator = Object.hasOwn(GENERATORS, kind) ? GENERATORS[kind] : undefined;
  if (!generator) throw new Failure(`Name what to generate.\n${USAGE}`);
  if (names.length !== generator.names.length)
    throw new Failure(`The generator "${kind}" takes ${generator.names.join(' and ')}.\n${USAGE}`);
  if (values.fields !== undefined && !generator.fields)
    throw new Failure(`The generator "${kind}" takes no fields.\n${USAGE}`);
  await generator.add(names, values.fields ?? generator.fields ?? '');
  console.log(`Generated the ${kind} ${names.at(-1)}. ${generator.next(...names)}`);
});
