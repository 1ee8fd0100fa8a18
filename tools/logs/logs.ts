// npm run logs: shows the logs of the local system and follows them. npm run logs -- auth users: of some services.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArguments } from '../lib/arguments.ts';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { colour } from '../lib/progress.ts';
import { ROOT } from '../lib/root.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { renderLine } from './log-lines.ts';
import { tail } from './tail.ts';

const NEW_LOGS_MS = 500;
const USAGE = 'Usage: npm run logs [-- [--no-follow] [<service>…]]';
const FOLDER = join(ROOT, '.local/logs');

const palette = [colour.cyan, colour.green, colour.magenta, colour.yellow, colour.blue];

// A closed pipe (`| head`) and Ctrl-C are the usual ends.
process.stdout.on('error', () => process.exit(0));
stopSignal().addEventListener('abort', () => process.exit(0));

await runMain(async () => {
  const { values, positionals: wanted } = parseArguments(USAGE, {
    allowPositionals: true,
    options: { 'no-follow': { type: 'boolean', default: false } },
  });
  const follow = !values['no-follow'];
  const names = logNames();
  if (names.length === 0)
    throw new Failure('There are no logs yet: start the system with `npm start` first.');
  const unknown = wanted.filter((service) => !names.some((name) => belongsTo(name, service)));
  if (unknown.length > 0)
    throw new Failure(`There is no log of ${unknown.join(', ')}: choose from ${names.join(', ')}.`);

  const shown = new Map<string, Promise<void>>();
  const showNew = () => {
    for (const name of logNames().filter((other) => !shown.has(other))) {
      const isWanted = wanted.length === 0 || wanted.some((service) => belongsTo(name, service));
      const paint = palette[shown.size % palette.length] ?? String;
      if (isWanted) shown.set(name, show(name, paint, follow));
    }
  };
  showNew();
  if (follow) setInterval(showNew, NEW_LOGS_MS);
  await Promise.all(shown.values());
});

async function show(name: string, paint: (text: string) => string, follow: boolean): Promise<void> {
  for await (const line of tail(join(FOLDER, `${name}.log`), { follow }))
    console.log(`${paint(`${name.padEnd(11)} │`)} ${renderLine(line)}`);
}

function logNames(): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length))
    .sort();
}

/** Replicas are shown with their service. */
function belongsTo(name: string, service: string): boolean {
  return name === service || name.startsWith(`${service}-`);
}
