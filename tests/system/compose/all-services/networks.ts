import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Stack } from '../stack.ts';

/** Of the networks, one leads outside: to the gateway from clients, and from jobs of the worker to other systems. */
export async function networks(stack: Stack): Promise<void> {
  const { services, networks: all } = await stack.config();
  const open = Object.keys(all).filter((name) => !all[name]!.internal);
  assert.deepEqual(open, ['outside']);
  const outside = Object.keys(services).filter((name) => 'outside' in (services[name]!.networks ?? {}));
  assert.deepEqual(outside.sort(), ['nginx', 'worker']);
  assert.equal(await answerToWorker(stack), 'hello');
}

/** What the worker reads from a server on the host. */
async function answerToWorker(stack: Stack): Promise<string> {
  const server = createServer((socket) => socket.end('hello')).listen(0, '0.0.0.0');
  await once(server, 'listening');
  try {
    const format = '{{(index .IPAM.Config 0).Gateway}}';
    const host = await stack.docker('network', 'inspect', `${stack.project}_outside`, '--format', format);
    const { port } = server.address() as AddressInfo;
    const script = `require('node:net').connect(${port}, '${host}').setTimeout(3000, () => process.exit(1)).pipe(process.stdout)`;
    return await stack.compose('exec', '-T', 'worker', 'node', '--eval', script);
  } finally {
    server.close();
  }
}
