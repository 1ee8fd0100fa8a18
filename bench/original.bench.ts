import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { apiClient } from '@repo/testing/api-client';
import { Failure } from '../tools/lib/failure.ts';
import { freePort, portOf } from '../tools/lib/ports.ts';
import type { ManagedProcess } from '../tools/processes/managed-process.ts';
import { answersHttp } from '../tools/processes/probes.ts';
import { Supervisor } from '../tools/processes/supervisor.ts';
import { ensurePrograms } from '../tools/servers/install-programs.ts';
import { ADMIN } from '../tools/servers/postgres.ts';
import { prepareServer } from '../tools/servers/servers.ts';
import type { Stack } from '../tools/stack/stack.ts';
import type { BenchmarkOptions, ResultRow } from './support/benchmark.ts';
import { compare, rounded } from './support/compare.ts';
import { cpuSeconds } from './support/cpu-time.ts';
import { type Load, runLoad } from './support/load.ts';
import { createFixture } from './support/subjects.ts';
import { withStack } from './support/system.ts';

export const about =
  'processor time per request, and that of the FastAPI boilerplate in the folder BENCH_ORIGINAL';

const DATABASE = 'original';
const WORKERS = 2;
const USER = { name: 'Ann Smith', username: 'ann', email: 'ann@example.com', password: 'Str1ngst!' };
const BODY = { title: 'A title', text: 'A text' };
const MORE_THAN_THE_LIMIT = 15;
const OPTIONS = { rounds: 5, warmUps: 10 };

/** The same request to both. */
interface Pair {
  name: string;
  app: 'posts' | 'users' | 'jobs';
  ours: Load;
  theirs: Load;
}

export const run = ({ only }: BenchmarkOptions): Promise<ResultRow[]> => {
  const checkout = process.env.BENCH_ORIGINAL;
  if (!checkout)
    throw new Failure(
      'BENCH_ORIGINAL should be the folder of a FastAPI boilerplate in which `uv sync --frozen` has been run.',
    );
  return withStack(async (stack, dir) => {
    const original = await startOriginal(stack, dir, checkout);
    try {
      const pairs = await pairsOf(stack, original.url);
      const chosen = pairs.filter(({ name }) => !only || name.includes(only));
      const subjects = chosen.flatMap(({ name, app, ours, theirs }) => [
        { name, yardstick: name, measure: () => measure(stack.processes.get(app)!, ours) },
        { name: `${name}, original`, yardstick: name, measure: () => measure(original.process, theirs) },
      ]);
      const results = await compare(subjects, { ...OPTIONS, figure: ({ cpuMicros }) => cpuMicros });
      return results.map(({ name, measured, ratio, spread }) => ({
        request: name,
        'CPU, µs': rounded(measured.cpuMicros),
        ratio: rounded(ratio),
        'lowest to highest': spread.map(rounded).join(' to '),
        'per second': Math.round(measured.perSecond),
        'p50 ms': rounded(measured.p50),
      }));
    } finally {
      await original.stop();
    }
  });
};

/** Starts it with its own database in the PostgreSQL of the stack, and with a Redis without a password. */
async function startOriginal(stack: Stack, stackDir: string, checkout: string) {
  const dir = join(stackDir, 'original');
  mkdirSync(dir);
  const programs = await ensurePrograms(['postgres', 'redis', 'nats'], { log: console.log });
  const [port, redisPort] = [await freePort(), await freePort()];
  const postgresPort = portOf(stack.ports, 'postgres');
  const password = readFileSync(join(stackDir, 'secrets/postgres_admin'), 'utf8').trim();
  const admin = new pg.Client({
    host: '127.0.0.1',
    port: postgresPort,
    user: ADMIN,
    password,
    database: 'postgres',
  });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.end();
  const supervisor = await Supervisor.open(dir);
  await supervisor.start(
    await prepareServer('redis-limits', { dir, port: redisPort, programs, durable: false }),
  );
  const url = `http://127.0.0.1:${port}/api/v1`;
  const redis = Object.fromEntries(
    ['CACHE', 'QUEUE', 'RATE_LIMIT'].flatMap((kind) => [
      [`REDIS_${kind}_HOST`, '127.0.0.1'],
      [`REDIS_${kind}_PORT`, String(redisPort)],
    ]),
  );
  const process = await supervisor.start({
    ...{ name: 'original', stage: 'app', cwd: join(checkout, 'src') },
    command: join(checkout, '.venv/bin/python'),
    args: ['-m', 'uvicorn', 'app.main:app', '--port', String(port), '--workers', String(WORKERS)],
    env: {
      ...redis,
      SECRET_KEY: 'a-key-for-benchmarks',
      POSTGRES_SERVER: '127.0.0.1',
      POSTGRES_PORT: String(postgresPort),
      POSTGRES_DB: DATABASE,
      POSTGRES_USER: ADMIN,
      POSTGRES_PASSWORD: password,
    },
    isReady: () => answersHttp(`${url}/users`),
  });
  return { url, process, stop: () => supervisor.stop() };
}

async function pairsOf(stack: Stack, original: string): Promise<Pair[]> {
  const { reader, writer, path } = await createFixture();
  const api = apiClient(original);
  await api('POST /user', { body: USER });
  const { username, password } = USER;
  const login = await api('POST /login', { form: { username, password } });
  const token: string = login.body.access_token;
  const { body: post } = await api(`POST /${username}/post`, { token, body: BODY });
  for (let call = 0; call < MORE_THAN_THE_LIMIT; call++) await api('POST /tasks/task?message=x', { token });

  const direct = (app: Pair['app']) => `http://127.0.0.1:${stack.ports[app]}/api/v1`;
  const get = { method: 'GET' } as const;
  const create = { method: 'POST', body: () => BODY } as const;
  const refused = { method: 'POST', status: 429 } as const;
  return [
    {
      ...{ name: 'cached post', app: 'posts' },
      ours: { ...get, url: direct('posts') + path },
      theirs: { ...get, url: `${original}/${username}/post/${post.id}` },
    },
    {
      ...{ name: 'user', app: 'users' },
      ours: { ...get, url: `${direct('users')}/user/${reader.username}` },
      theirs: { ...get, url: `${original}/user/${username}` },
    },
    {
      ...{ name: 'own user', app: 'users' },
      ours: { ...get, url: `${direct('users')}/user/me`, token: reader.token },
      theirs: { ...get, url: `${original}/user/me/`, token },
    },
    {
      ...{ name: 'refused by a rate limit', app: 'jobs' },
      ours: { ...refused, url: `${direct('jobs')}/tasks/task?message=x`, token: reader.token },
      theirs: { ...refused, url: `${original}/tasks/task?message=x`, token },
    },
    {
      ...{ name: 'create a post', app: 'posts' },
      ours: { ...create, url: `${direct('posts')}/${writer.username}/post`, token: writer.token },
      theirs: { ...create, url: `${original}/${username}/post`, token },
    },
  ] as Pair[];
}

async function measure(process: ManagedProcess, load: Load) {
  const pids = [process.pid!];
  const before = cpuSeconds(pids);
  const result = await runLoad(load);
  return { ...result, cpuMicros: ((cpuSeconds(pids) - before) / result.count) * 1e6 };
}
