// @ts-check
import { join } from 'node:path';
import { answersHttp } from '../processes/probes.ts';
import { run } from '../lib/run.ts';

/** Node's defaults are for machines that do one thing. */
const NODE_FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=4'];

/**
 * One process of an app.
 *
 * @typedef {{ app: string, name: string, http: boolean }} Replica
 */

/**
 * @param {{ name: string, http: boolean }} app
 * @param {number} [count]
 * @returns {Replica[]} the first one bears the name of the app, the others a number
 */
export function replicasOf({ name, http }, count = 1) {
  return Array.from({ length: count }, (_, index) => ({
    app: name,
    name: index ? `${name}-${index + 1}` : name,
    http,
  }));
}

/**
 * How to start a replica.
 *
 * @param {Replica} replica
 * @param {{ root: string, dir: string, ports: Record<string, number>, env: NodeJS.ProcessEnv }} options
 * @returns {import('../processes/managed-process.ts').ProcessSpec}
 */
export function appSpec({ app, name, http }, { root, dir, ports, env }) {
  const internalPort = ports[`${name}-internal`];
  return {
    name,
    stage: 'app',
    command: process.execPath,
    args: [...NODE_FLAGS, 'dist/src/main.js'],
    cwd: join(root, 'apps', app),
    env: {
      ...env,
      ...(http ? { PORT: String(ports[name]) } : {}),
      INTERNAL_PORT: String(internalPort),
      // Compiled code is kept from start to start (by Node 22 and newer).
      NODE_COMPILE_CACHE: join(dir, 'compile-cache'),
      // Threads of one process share few memory arenas: they do not need more, and each costs.
      MALLOC_ARENA_MAX: '2',
    },
    isReady: () => answersHttp(`http://127.0.0.1:${internalPort}/health/ready`),
    // One that a debugger holds at a breakpoint does not hang.
    ...(!env.NODE_OPTIONS?.includes('--inspect') && {
      isAlive: () => answersHttp(`http://127.0.0.1:${internalPort}/health/live`),
    }),
    address: http ? `127.0.0.1:${ports[name]}` : '',
  };
}

/**
 * Runs a command of an app to its end; a failure names it and shows what it said.
 *
 * @param {string} app
 * @param {string} file  below `dist/src`
 * @param {string[]} args
 * @param {{ root: string, env: NodeJS.ProcessEnv, signal?: AbortSignal }} options
 */
export async function runCommand(app, file, args, { root, env, signal }) {
  const cwd = join(root, 'apps', app);
  const title = [file.replace(/^.*\/|\.js$/g, ''), ...args].join(' ');
  await run(process.execPath, [join('dist/src', file), ...args], {
    ...{ cwd, env, signal },
    otherwise: `${app}: \`${title}\` failed, as it says above; correct that and start again.`,
  });
}
