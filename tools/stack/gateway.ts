import { mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { renderGateway, settingsOf } from '../../nginx/render.ts';
import { run } from '../lib/run.ts';
import type { ManagedProcess, ProcessSpec } from '../processes/managed-process.ts';
import { answersHttp } from '../processes/probes.ts';

/** What `localhost` may mean on this machine. */
const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);
const LOOPBACK = ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])];

export interface GatewayOptions {
  dir: string;
  /** The path of nginx. */
  program: string;
  port: number;
  /** Service → addresses of its replicas. */
  upstreams: Record<string, string[]>;
  env: NodeJS.ProcessEnv;
}

/** Writes the configuration of the gateway. */
export function prepareGateway(options: GatewayOptions): ProcessSpec {
  const { dir, program, port } = options;
  mkdirSync(prefixOf(dir), { recursive: true });
  return {
    name: 'gateway',
    stage: 'gateway',
    command: program,
    args: nginxArgs(dir, render(options)),
    cwd: prefixOf(dir),
    // Finishes the requests that it has accepted.
    stopSignal: 'SIGQUIT',
    isReady: () => answersHttp(`http://127.0.0.1:${port}/api/v1/ready`),
    address: `http://localhost:${port}`,
  };
}

/** Applies a changed configuration without losing a request; an invalid one changes nothing. */
export async function reloadGateway(options: GatewayOptions, gateway: ManagedProcess): Promise<void> {
  await run(options.program, ['-t', '-q', ...nginxArgs(options.dir, render(options))], {
    message: 'The new configuration of the gateway is not valid. The gateway continues with the old one.',
  });
  gateway.send('SIGHUP');
}

function render({ dir, port, upstreams, env }: GatewayOptions): string {
  return renderGateway({
    runDir: join(dir, 'nginx/conf'),
    listen: LOOPBACK.map((address) => `${address}:${port}`),
    upstreams,
    ...settingsOf(env),
    // Relative to the prefix, because the path of a checkout may hold spaces.
    accessLog: '../logs/gateway.log',
  });
}

/** NGINX writes everything below its prefix. */
const prefixOf = (dir: string) => join(dir, 'nginx');

function nginxArgs(dir: string, config: string): string[] {
  // Workers of root would run as a user who cannot enter, for example, /root.
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  return ['-p', prefixOf(dir), '-c', config, '-e', 'stderr', ...user];
}
