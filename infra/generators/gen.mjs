// @ts-check
// npm run gen -- service media
// npm run gen -- feature posts comment --fields "title:string:2..30 body:text published_at:datetime?"
import { Failure } from '../local/failure.mjs';
import { addEvent } from './event.mjs';
import { addFeature, STANDARD_FIELDS } from './feature.mjs';
import { addService } from './service.mjs';
import { prepare } from './workspace.mjs';

const USAGE = `Usage:
  npm run gen -- service <name>
  npm run gen -- feature <service> <name> [--fields "title:string:2..30 body:text published_at:datetime?"]
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
  const at = args.indexOf('--fields');
  const [fields = STANDARD_FIELDS] = at < 0 ? [] : args.splice(at, 2).slice(1);
  const [kind, ...names] = args;
  const [first = '', second = ''] = names;
  if (kind === 'service' && names.length === 1) {
    await addService(first);
    console.log(
      `The service ${first} is there: npm start runs it. Give it a feature: npm run gen -- feature ${first} <name>`,
    );
  } else if (kind === 'feature' && names.length === 2) {
    await addFeature(first, second, fields);
    console.log(`The feature ${second} is in ${first}: read apps/${first}/src, and npm test -- ${first}`);
  } else if (kind === 'event' && names.length === 2) {
    await addEvent(first, second);
    console.log(
      `${first} may tell of ${second}: await tx.emit('${second}', { id }); who hears it: docs/guides/events.md`,
    );
  } else throw new Failure(USAGE);
}
