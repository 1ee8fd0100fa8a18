// npm run gen -- service media
// npm run gen -- job mail.welcome --fields "user_id:int"
// npm run gen -- feature posts comment --fields "title:string:2..30 body:text published_at:datetime?"
import { parseArgs } from 'node:util';
import { Failure } from '../lib/failure.ts';
import { addEvent } from './event.ts';
import { addFeature, STANDARD_FIELDS } from './feature.ts';
import { addJob, STANDARD_PAYLOAD } from './job.ts';
import { addService } from './service.ts';
import { runCommand } from './workspace.ts';

interface Generator {
  names: string[];
  /** When none are given; absent where there are no fields. */
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

const USAGE = Object.entries(GENERATORS)
  .map(([kind, { names, fields }]) => {
    const words = [kind, ...names.map((name) => `<${name}>`), ...(fields ? [`[--fields "${fields}"]`] : [])];
    return `  npm run gen -- ${words.join(' ')}`;
  })
  .join('\n');

await runCommand(async (args) => {
  const { kind, names, fields } = parse(args);
  const generator = Object.hasOwn(GENERATORS, kind) ? GENERATORS[kind] : undefined;
  if (!generator) throw usageError(kind ? `There is no generator "${kind}".` : 'Name what to generate.');
  if (names.length !== generator.names.length)
    throw usageError(
      `The generator "${kind}" takes ${generator.names.join(' and ')}, not ${names.length} names.`,
    );
  if (fields !== undefined && !generator.fields) throw usageError(`The generator "${kind}" takes no fields.`);
  await generator.add(names, fields ?? generator.fields ?? '');
  console.log(`Generated the ${kind} ${names.at(-1)}. ${generator.next(...names)}`);
});

function parse(args: string[]) {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { fields: { type: 'string' } },
    });
    const [kind = '', ...names] = positionals;
    return { kind, names, fields: values.fields };
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

function usageError(reason: string): Failure {
  return new Failure(`${reason}\nUsage:\n${USAGE}`);
}
