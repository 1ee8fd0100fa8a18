import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, spawnServer, waitFor } from '@repo/core/testing';

/** A NATS server that a test can freeze, kill and restart with its stored streams. */
export class NatsServer {
  private process?: ChildProcess;

  private constructor(
    private readonly port: number,
    private readonly store: string,
    private readonly options: string[],
  ) {}

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  static async start(...options: string[]): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), await mkdtemp(join(tmpdir(), 'nats-')), options);
    try {
      await server.restart();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  async restart(): Promise<void> {
    const settings = ['-a', '127.0.0.1', '-p', String(this.port), '-js', '-sd', this.store];
    this.process = await spawnServer('nats-server', [...settings, ...this.options]);
    await waitFor(() => greets(this.port));
  }

  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.store, { recursive: true, force: true });
  }
}

/** Whether a server sends its greeting on this port. */
async function greets(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data');
    return true;
  } finally {
    socket.destroy();
  }
}
