// @ts-check
// npm run gen -- service media
// npm run gen -- job mail.welcome --fields "user_id:int"
// npm run gen -- feature posts comment --fields "title:string:2..30 body:text published_at:datetime?"
import { parseArgs } from 'node:util';
import { Failure } from '../lib/failure.ts';
import { addEvent } from './event.ts';
import { addFeature, STANDARD_FIELDS } from './feature.ts';
import { addJob, STANDARD_PAYLOAD } from './job.ts';
import { addService } from './service.ts';
import { prepare } from './workspace.ts';

const USAGE = `Usage:
  npm run gen -- service <name>
  npm run gen -- feature <service> <name> [--fields "title:string:2..30 body:text published_at:datetime?"]
  npm run gen -- job <name> [--fields "user_id:int note:text?"]
  npm run gen -- event <service> <noun.past-verb>`;

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
async function main(args) {
  const { names, fields } = read(args);
  const [kind, first = '', second = ''] = names;
  const asked = `${kind} ${names.length - 1}${fields === undefined ? '' : ' with fields'}`;
  if (asked === 'service 1') {
    await addService(first);
    console.log(
      `The service ${first} is there: npm start runs it. Give it a feature: npm run gen -- feature ${first} <name>`,
    );
  } else if (asked.startsWith('feature 2')) {
    await addFeature(first, second, fields ?? STANDARD_FIELDS);
    console.log(`The feature ${second} is in ${first}: read apps/${first}/src, and npm test -- ${first}`);
  } else if (asked.startsWith('job 1')) {
    await addJob(first, fields ?? STANDARD_PAYLOAD);
    console.log(
      `The job ${first} is there: read apps/worker/src/jobs; how to ask for it: docs/guides/jobs.md`,
    );
  } else if (asked === 'event 2') {
    await addEvent(first, second);
    console.log(
      `${first} may publish ${second}: await tx.emit('${second}', { id }). How to subscribe: docs/guides/events.md`,
    );
  } else throw new Failure(USAGE);
}

/** @param {string[]} args */
function read(args) {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { fields: { type: 'string' } },
    });
    return { names: positionals, fields: values.fields };
  } catch {
    throw new Failure(USAGE);
  }
}
