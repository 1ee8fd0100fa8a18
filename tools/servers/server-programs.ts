// @ts-check
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * @typedef {'postgres' | 'redis' | 'nats' | 'nginx'} ServerName
 * @typedef {ServerName | 'chromium'} ProgramName
 *
 * @typedef {object} Wanted
 * @property {string} title
 * @property {string} binary
 * @property {string[]} [needs]  programs that must be beside it
 * @property {number} minimum  lowest major version that will do
 * @property {string} versionFlag
 * @property {{ apt: string, brew: string }} packageNames
 *
 * @typedef {{ path: string, dir: string, major: number, version: string }} Program
 */

/** The servers that the system stands on, and the browser that looks at its pages. @type {Record<ProgramName, Wanted>} */
export const WANTED = {
  postgres: {
    title: 'PostgreSQL',
    binary: 'postgres',
    needs: ['initdb'],
    minimum: 13,
    versionFlag: '--version',
    packageNames: { apt: 'postgresql', brew: 'postgresql@17' },
  },
  redis: {
    title: 'Redis',
    binary: 'redis-server',
    minimum: 6,
    versionFlag: '--version',
    packageNames: { apt: 'redis-server', brew: 'redis' },
  },
  nats: {
    title: 'NATS',
    binary: 'nats-server',
    minimum: 2,
    versionFlag: '--version',
    packageNames: { apt: 'nats-server', brew: 'nats-server' },
  },
  nginx: {
    title: 'NGINX',
    binary: 'nginx',
    minimum: 1,
    versionFlag: '-v',
    packageNames: { apt: 'nginx', brew: 'nginx' },
  },
  chromium: {
    title: 'Chromium',
    binary: 'chromium',
    minimum: 120,
    versionFlag: '--version',
    packageNames: { apt: 'chromium', brew: 'chromium' },
  },
};

/** @type {ServerName[]} */
export const SERVER_NAMES = ['postgres', 'redis', 'nats', 'nginx'];

/**
 * Looks for the servers on the PATH and in the places where packages put them.
 *
 * @template {ProgramName} Name
 * @param {Name[]} names
 * @returns {Promise<{ found: Partial<Record<Name, Program>>, missing: Name[] }>}
 */
export async function findPrograms(names) {
  const programs = await Promise.all(
    names.map(async (name) => /** @type {const} */ ([name, await find(WANTED[name])])),
  );
  return {
    found: /** @type {any} */ (Object.fromEntries(programs.filter(([, program]) => program))),
    missing: programs.filter(([, program]) => !program).map(([name]) => name),
  };
}

/**
 * @param {Wanted} wanted
 * @returns {Promise<Program | undefined>}
 */
async function find(wanted) {
  const seen = new Set();
  for (const path of places()
    .map((place) => join(place, wanted.binary))
    .filter(existsSync)) {
    // What a link points to may bear another name, and act on it; so it is run by the name we found.
    const target = realpathSync(path);
    if (seen.has(target)) continue;
    seen.add(target);
    const dir = dirname(target);
    if (!(wanted.needs ?? []).every((program) => existsSync(join(dir, program)))) continue;
    // Something else may bear the name: what it says of itself decides.
    const text = await execute(path, [wanted.versionFlag], { timeout: 5_000 }).then(
      ({ stdout, stderr }) => stdout + stderr,
      () => '',
    );
    const version = new RegExp(`${wanted.binary.split('-')[0]}.*?(\\d+(?:\\.\\d+)*)`, 'i').exec(text)?.[1];
    const major = Number.parseInt(version ?? '', 10);
    if (version && major >= wanted.minimum) return { path, dir, major, version };
  }
  return undefined;
}

function places() {
  return [
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    ...versioned('/usr/lib/postgresql', 'bin'),
    ...versioned('/usr', 'bin', /^pgsql-/),
    ...versioned('/opt/homebrew/opt', 'bin', /^postgresql/),
    ...versioned('/usr/local/opt', 'bin', /^postgresql/),
    ...versioned('/home/linuxbrew/.linuxbrew/opt', 'bin', /^postgresql/),
    ...['/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin'],
    ...['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'],
  ];
}

/**
 * `<parent>/<version>/<child>`, newest first.
 *
 * @param {string} parent
 * @param {string} child
 * @param {RegExp} [pattern]
 */
function versioned(parent, child, pattern = /^\d/) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => pattern.test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(parent, name, child));
}
