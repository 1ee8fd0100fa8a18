import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort, spawnServer, waitFor } from '@repo/core/testing';
import { Redis } from 'ioredis';

/** A Redis server that a test can freeze, kill and restart. */
export class RedisServer {
  private process?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly options: string[],
  ) {}

  readonly host = '127.0.0.1';

  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.restart();
    return server;
  }

  async restart(): Promise<void> {
    const settings = ['--bind', this.host, '--port', String(this.port), '--save', '', '--appendonly', 'no'];
    this.process = await spawnServer('redis-server', [...settings, ...this.options]);
    await waitFor(() => this.answers(), { timeoutMs: 5_000 });
  }

  /** @throws Error when it does not: a server that has ended never will */
  private async answers(): Promise<string> {
    const options = {
      lazyConnect: true,
      disconnectTimeout: 100,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    };
    const redis = new Redis(this.port, this.host, options);
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await redis.ping();
    } finally {
      redis.disconnect();
    }
  }

  /** A plain ioredis client. */
  connect(): Redis {
    const redis = new Redis(this.port, this.host, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    return redis;
  }

  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }
}
