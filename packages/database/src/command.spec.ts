import { createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, it } from '@jest/globals';
import { patiently } from './command.js';

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('a command that needs Postgres', () => {
  it('waits while Postgres cannot be reached, and goes on when it can', async () => {
    let attempts = 0;
    const connect = async () => {
      attempts += 1;
      if (attempts < 3) throw refused();
      return 'connected';
    };
    expect(await patiently(connect)).toBe('connected');
    expect(attempts).toBe(3);
  });

  it('gives up with the reason when its patience is over', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const connect = () => new pg.Client({ host: '127.0.0.1', port }).connect();
      await expect(patiently(connect, 700)).rejects.toThrow(/terminated|ECONNRESET/);
    } finally {
      server.close();
    }
  });

  it('does not repeat what waiting cannot mend', async () => {
    let attempts = 0;
    const connect = () => {
      attempts += 1;
      return Promise.reject(Object.assign(new Error('password authentication failed'), { code: '28P01' }));
    };
    await expect(patiently(connect)).rejects.toThrow('password authentication failed');
    expect(attempts).toBe(1);
  });
});
