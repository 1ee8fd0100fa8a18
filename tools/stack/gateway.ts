// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../lib/failure.ts';
import { answersHttp } from '../processes/probes.ts';
import { run } from '../lib/run.ts';

/**
 * @typedef {object} GatewayOptions
 * @property {string} root
 * @property {string} dir
 * @property {string} program  path of nginx
 * @property {number} port
 * @property {Record<string, string[]>} upstreams  service → addresses of its replicas
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Writes the gateway's configuration and says how to start it.
 *
 * @param {GatewayOptions} options
 * @returns {Promise<import('../processes/managed-process.ts').ProcessSpec>}
 */
export async function prepareGateway(options) {
  const { dir, program, port } = options;
  const prefix = join(dir, 'nginx');
  mkdirSync(prefix, { recursive: true });
  const config = await render(options);
  return {
    name: 'gateway',
    stage: 'gateway',
    command: program,
    args: nginxArgs(prefix, config),
    cwd: prefix,
    // Finishes what is under way before it goes.
    stopSignal: 'SIGQUIT',
    isReady: () => answersHttp(`http://127.0.0.1:${port}/api/v1/ready`),
    address: `http://localhost:${port}`,
  };
}

/**
 * Applies a changed configuration without losing a request; a bad one is refused and the old one goes on.
 *
 * @param {GatewayOptions} options
 * @param {import('../processes/managed-process.ts').ManagedProcess} gateway
 */
export async function reloadGateway(options, gateway) {
  const config = await render(options);
  const { code, output } = await run(
    options.program,
    ['-t', '-q', ...nginxArgs(join(options.dir, 'nginx'), config)],
    {
      allowFailure: true,
    },
  );
  if (code !== 0)
    throw new Failure('The new configuration of the gateway is not valid; the old one goes on.', {
      details: output,
    });
  gateway.send('SIGHUP');
}

/** @param {GatewayOptions} options */
async function render({ root, dir, port, upstreams, env }) {
  // Read anew each time: `npm run dev` picks up a changed renderer too.
  const module = `${pathToFileURL(join(root, 'nginx/render.ts'))}?${Date.now()}`;
  const { renderGateway } = await import(module);
  return await renderGateway({
    runDir: join(dir, 'nginx/conf'),
    listen: `127.0.0.1:${port}`,
    upstreams,
    trustedProxies: list(env.TRUSTED_PROXIES),
    corsOrigins: list(env.CORS_ORIGINS),
    // Beside what NGINX itself says, and relative to its prefix: a checkout's path may hold spaces.
    accessLog: '../logs/gateway.log',
  });
}

/**
 * @param {string} prefix  everything that NGINX writes goes there
 * @param {string} config
 */
function nginxArgs(prefix, config) {
  // Workers of a root would become a user who cannot enter, say, /root.
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  return ['-p', prefix, '-c', config, '-e', 'stderr', ...user];
}

/** @param {string | undefined} text */
const list = (text = '') =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
