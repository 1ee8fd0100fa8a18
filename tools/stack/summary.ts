// @ts-check
import { relative } from 'node:path';
import { STAGES } from '../processes/managed-process.ts';

const ADMIN_PASSWORD = '!Ch4ng3Th1sP4ssW0rd!';

/**
 * What runs where, and what to do next.
 *
 * @param {object} options
 * @param {import('./stack.ts').Stack} options.stack
 * @param {string} options.dir
 * @param {boolean} options.watch
 * @param {import('../lib/progress.ts').Colours} options.colour
 */
export function summary({ stack, dir, watch, colour }) {
  const here = (/** @type {string} */ path) => readable(relative(process.cwd(), path), path);
  const processes = [...stack.processes.values()]
    .sort((a, b) => STAGES[a.spec.stage] - STAGES[b.spec.stage])
    .map(({ name, spec, pid, log }) => [name, spec.address ?? '', String(pid ?? ''), here(log.path)]);
  const given = Object.entries(givenAddresses(stack.given)).map(([name, address]) => [
    name,
    address,
    'given',
    '',
  ]);
  const { ADMIN_USERNAME = 'admin', ADMIN_PASSWORD: password } = process.env;
  const url = stack.gatewayUrl;
  const facts = [
    ['API', `${url}/api/v1`],
    ['Docs', `${url}/docs`],
    ['First login', `${ADMIN_USERNAME} / ${password ? '(your ADMIN_PASSWORD)' : ADMIN_PASSWORD}`],
    ['Logs', 'npm run logs, or npm run logs -- posts'],
    ['Data', `${dataPlaces(stack, dir).map(here).join(' and ')}; begin anew with npm start -- --fresh`],
    ['Stop', 'Ctrl-C'],
    ...(watch ? [['Watching', 'a saved file restarts what it belongs to']] : []),
  ];
  return [
    '',
    table([['service', 'address', 'process', 'log'], ...processes, ...given], colour),
    '',
    ...facts.map(([title, text]) => `  ${colour.bold(title.padEnd(12))} ${text}`),
    '',
  ].join('\n');
}

/**
 * @param {import('./given-servers.ts').GivenServers} given
 * @returns {Record<string, string>}
 */
function givenAddresses({ postgres, redis, nats }) {
  const text = (/** @type {import('./given-servers.ts').Address} */ { host, port }) => `${host}:${port}`;
  return {
    ...(postgres && { postgres: text(postgres) }),
    ...(redis && {
      'redis-cache': text(redis.cache),
      'redis-limits': text(redis.rateLimit),
      'redis-queue': text(redis.queue),
    }),
    // Without what a URL may say of its user.
    ...(nats && { nats: nats.url.replace(/\/\/[^@/]*@/g, '//') }),
  };
}

/**
 * @param {string} fromHere
 * @param {string} path
 */
const readable = (fromHere, path) => (fromHere === '' ? '.' : fromHere.startsWith('..') ? path : fromHere);

/**
 * Postgres may have had to live elsewhere.
 *
 * @param {import('./stack.ts').Stack} stack
 * @param {string} dir
 */
function dataPlaces(stack, dir) {
  const home = stack.processes.get('postgres')?.spec.cwd ?? dir;
  return home.startsWith(dir) ? [dir] : [dir, home];
}

/**
 * @param {string[][]} rows  the first one is the head
 * @param {import('../lib/progress.ts').Colours} colour
 */
function table(rows, colour) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('   ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [colour.bold(lines[0]), colour.dim(rule), ...lines.slice(1)].map((line) => `  ${line}`).join('\n');
}
