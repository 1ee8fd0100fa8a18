import { createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, it } from '@jest/globals';
import { retryUntilDeadline } from './command.js';

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('retryUntilDeadline', () => {
  it('repeats the attempt while PostgreSQL cannot be reached', async () => {
    let attempts = 0;
    const connect = async () => {
      attempts += 1;
      if (attempts < 3) throw refused();
      return 'connected';
    };
    expect(await retryUntilDeadline(connect)).toBe('connected');
    expect(attempts).toBe(3);
  });

  it('throws the last error when the deadline has passed', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const connect = () => new pg.Client({ host: '127.0.0.1', port }).connect();
      await expect(retryUntilDeadline(connect, 700)).rejects.toThrow(/terminated|ECONNRESET/);
    } finally {
      server.close();
    }
  });

  it('throws other errors immediately', async () => {
    let attempts = 0;
    const connect = () => {
      attempts += 1;
      return Promise.reject(Object.assign(new Error('password authentication failed'), { code: '28P01' }));
    };
    await expect(retryUntilDeadline(connect)).rejects.toThrow('password authentication failed');
    expect(attempts).toBe(1);
  });
});
