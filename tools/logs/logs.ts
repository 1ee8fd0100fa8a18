// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LogFollower } from './log-follower.ts';
import { renderLine } from './log-lines.ts';
import { painter } from '../lib/progress.ts';

const POLL_MS = 200;
const BACKLOG_BYTES = 4_000;
const LOGS = fileURLToPath(new URL('../../.local/logs', import.meta.url));

const args = process.argv.slice(2);
const once = args.includes('--no-follow');
const wanted = args.filter((arg) => arg !== '--no-follow');
const colour = painter(process.stdout);
const palette = [colour.cyan, colour.green, colour.magenta, colour.yellow, colour.blue];

// The reader went away (`| head`), or the user has seen enough: neither is an error.
process.stdout.on('error', () => process.exit(0));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(0));

const unknown = wanted.filter((service) => !names().some((name) => belongsTo(name, service)));
if (names().length === 0 || unknown.length > 0) {
  console.error(
    names().length === 0
      ? 'There are no logs yet: start the system with `npm start` first.'
      : `There is no log of ${unknown.join(', ')}; there are logs of ${names().join(', ')}.`,
  );
  process.exit(1);
}

/** @type {Map<string, LogFollower>} */
const followers = new Map();
for (;;) {
  for (const name of names().filter(
    (candidate) => wanted.length === 0 || wanted.some((service) => belongsTo(candidate, service)),
  )) {
    const follower =
      followers.get(name) ?? new LogFollower(join(LOGS, `${name}.log`), { backlogBytes: BACKLOG_BYTES });
    followers.set(name, follower);
    for (const line of follower.read()) print(name, line);
  }
  if (once) break;
  await sleep(POLL_MS);
}

function names() {
  if (!existsSync(LOGS)) return [];
  return readdirSync(LOGS)
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length))
    .sort();
}

/**
 * Replicas are shown with their service.
 *
 * @param {string} name
 * @param {string} service
 */
function belongsTo(name, service) {
  return name === service || name.startsWith(`${service}-`);
}

/**
 * @param {string} name
 * @param {string} line
 */
function print(name, line) {
  const paint = palette[[...followers.keys()].indexOf(name) % palette.length];
  console.log(`${paint(`${name.padEnd(11)} │`)} ${renderLine(line, colour)}`);
}
