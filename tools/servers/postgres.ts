// @ts-check
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { postgresSettings } from '../../infra/postgres/postgres-settings.ts';
import { Failure } from '../lib/failure.ts';
import { answersPostgres } from '../processes/probes.ts';
import { commandLineOf } from '../processes/process-identity.ts';
import { run } from '../lib/run.ts';

export const ADMIN = 'postgres';
export const DATABASE = 'app';

/**
 * @typedef {{ uid: number, gid: number }} User
 * @typedef {object} PostgresOptions
 * @property {string} dir  where the run keeps its things
 * @property {import('./server-programs.ts').Program} program
 * @property {number} port
 * @property {string} password  the administrator's
 * @property {boolean} durable
 * @property {string} [templates]  keep new data directories here, and copy them instead of making another
 * @property {AbortSignal} [signal]
 */

/**
 * Makes the data directory when there is none, and says how to start Postgres on it.
 *
 * @param {PostgresOptions} options
 * @returns {Promise<import('../processes/managed-process.ts').ProcessSpec>}
 */
export async function preparePostgres(options) {
  const { dir, program, port, durable } = options;
  const user = postgresUser();
  const home = postgresHome(dir, user);
  makeHome(home, user);
  const data = join(home, 'data');
  if (!existsSync(data)) await createData(data, { ...options, home, user });
  checkVersion(data, program);
  removeStaleLock(data);
  const settings = {
    ...postgresSettings({ durable }),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  writeFor(user, join(data, 'postgresql.conf'), `${lines.join('\n')}\n`);
  return {
    name: 'postgres',
    stage: 'server',
    command: program.path,
    args: ['-D', data],
    cwd: home,
    user,
    // Fast shutdown: ends sessions, keeps every commit.
    stopSignal: 'SIGINT',
    isReady: () => answersPostgres({ host: '127.0.0.1', port }),
    address: `127.0.0.1:${port}`,
  };
}

/**
 * Where the data is: in `dir`, or, when the user that Postgres runs as cannot get there (a checkout in /root), in a
 * place of that checkout's own under /var/tmp.
 *
 * @param {string} dir
 * @param {User | undefined} [user]
 */
function postgresHome(dir, user = postgresUser()) {
  const { inside, outside } = postgresHomes(dir);
  return !user || canEnter(dir, user) ? inside : outside;
}

/**
 * Both places where the data of `dir` may be.
 *
 * @param {string} dir
 */
export function postgresHomes(dir) {
  const digest = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  return {
    inside: join(dir, 'postgres'),
    outside: `/var/tmp/postgres-of-${basename(dirname(dir))}-${digest}`,
  };
}

/** Postgres refuses to run as root: then it runs as `postgres`, where that user exists, or as `nobody`. */
function postgresUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name}:`));
    const [, , uid, gid] = entry?.split(':') ?? [];
    if (uid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Failure(
    'PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as.',
  );
}

/**
 * @param {string} dir
 * @param {User} user
 */
function canEnter(dir, user) {
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', dir], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} home
 * @param {User | undefined} user
 */
function makeHome(home, user) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const stats = lstatSync(home);
  const owners = [process.getuid?.(), user?.uid];
  // In /var/tmp anyone may have been there before us.
  if (!stats.isDirectory() || !owners.includes(stats.uid)) {
    throw new Failure(`${home} belongs to someone else, so the database cannot live there: remove it.`);
  }
  chmodSync(home, 0o700);
  if (user) chownSync(home, user.uid, user.gid);
}

/**
 * @param {string} data
 * @param {PostgresOptions & { home: string, user: User | undefined }} options
 */
async function createData(data, options) {
  const { templates, program, user } = options;
  if (!templates) return initialise(data, options);
  const owner = user?.uid ?? process.getuid?.();
  const template = join(templates, `postgres-${program.version}-${DATABASE}-${owner}`);
  if (existsSync(template)) return copy(template, data);
  await initialise(data, options);
  mkdirSync(templates, { recursive: true });
  const draft = `${template}.${process.pid}`;
  await copy(data, draft);
  try {
    renameSync(draft, template);
  } catch {
    rmSync(draft, { recursive: true }); // another run was first
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copy(from, to) {
  await run('cp', ['-R', '-p', from, to]);
}

/**
 * @param {string} data
 * @param {PostgresOptions & { home: string, user: User | undefined }} options
 */
async function initialise(data, { home, user, program, password, durable, signal }) {
  // Under another name until it is complete: a first start that is interrupted leaves nothing half made.
  const draft = `${data}.draft`;
  const passwordFile = join(home, 'password');
  rmSync(draft, { recursive: true, force: true });
  writeFor(user, passwordFile, `${password}\n`);
  try {
    const options = { cwd: home, user, signal };
    await run(
      join(program.dir, 'initdb'),
      [
        ...['--pgdata', draft, '--username', ADMIN, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--locale', 'C'],
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...options, otherwise: 'PostgreSQL could not create its data directory.' },
    );
    await run(
      program.path,
      ['--single', '-j', '-D', draft, '-c', `fsync=${durable ? 'on' : 'off'}`, 'postgres'],
      {
        ...options,
        input: `CREATE DATABASE ${DATABASE};\n\n`,
        otherwise: 'PostgreSQL could not create the database.',
      },
    );
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * @param {string} data
 * @param {import('./server-programs.ts').Program} program
 */
function checkVersion(data, program) {
  const written = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8').trim());
  if (written === program.major) return;
  throw new Failure(
    `The data in ${data} was written by PostgreSQL ${written}, but ${program.path} is version ${program.major}: ` +
      `put version ${written} on the PATH, or begin anew with \`npm start -- --fresh\`.`,
  );
}

/**
 * A lock file of a run that was killed may name a process id that is someone else's by now; Postgres would not dare
 * to start.
 *
 * @param {string} data
 */
function removeStaleLock(data) {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!commandLineOf(pid)?.includes(data)) rmSync(lock);
}

/**
 * @param {User | undefined} user
 * @param {string} path
 * @param {string} content
 */
function writeFor(user, path, content) {
  writeFileSync(path, content, { mode: 0o600 });
  if (user) chownSync(path, user.uid, user.gid);
}
