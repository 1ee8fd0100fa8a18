import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

type Argument = string | number | Buffer;

/** A Lua script: one round trip and atomic. Sent by its digest; by its text to a server that does not know it yet. */
export class RedisScript {
  private readonly digest: string;

  constructor(private readonly lua: string) {
    this.digest = createHash('sha1').update(lua).digest('hex');
  }

  run<T>(redis: Redis, keys: string[], args: Argument[]): Promise<T> {
    return this.evaluate<T>(redis, '', keys, args);
  }

  /** As `run`, with strings in the answer as bytes. */
  runBinary<T>(redis: Redis, keys: string[], args: Argument[]): Promise<T> {
    return this.evaluate<T>(redis, 'Buffer', keys, args);
  }

  private async evaluate<T>(redis: Redis, form: '' | 'Buffer', keys: string[], args: Argument[]): Promise<T> {
    // The client has these; its types leave them out. (`callBuffer` loses its command when pipelined by itself.)
    const commands = redis as unknown as Record<string, (...args: Argument[]) => Promise<T>>;
    try {
      return await commands[`evalsha${form}`]!(this.digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return commands[`eval${form}`]!(this.lua, keys.length, ...keys, ...args);
    }
  }
}
