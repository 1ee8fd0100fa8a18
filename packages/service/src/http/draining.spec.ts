import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@repo/core/testing';
import { type FastifyInstance, fastify } from 'fastify';
import { Draining } from './draining.js';

describe('Draining', () => {
  let app: FastifyInstance;
  let draining: Draining;
  let agent: Agent;
  let port: number;

  beforeEach(async () => {
    app = fastify();
    draining = new Draining();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    draining.register(app);
    app.get('/', async () => 'here');
    await app.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = app.server.address() as AddressInfo);
  });
  afterEach(async () => {
    agent.destroy();
    await app.close();
  });

  const get = (through: Agent | false) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port, agent: through }, (answer) =>
        answer.resume().on('end', () => resolve(answer)),
      )
        .on('error', reject)
        .end();
    });

  it('closes a connection with the next answer on it', async () => {
    expect((await get(agent)).headers.connection).toBe('keep-alive');

    draining.start();

    expect((await get(agent)).headers.connection).toBe('close');
  });

  it('still answers on an idle connection when new ones are refused, and is finished then', async () => {
    await get(agent);
    draining.start();
    const finished = draining.finish(app.server);
    await waitFor(() => !app.server.listening);

    await expect(get(false)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await get(agent)).statusCode).toBe(200);
    await finished;
  });

  it('answers those who had connected before the end, accepted or not', async () => {
    draining.start();
    const asked = Array.from({ length: 20 }, () => get(false));
    const finished = draining.finish(app.server);

    const answers = await Promise.all(asked);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(asked.map(() => 200));
    await finished;
  });

  it('does not wait for ever for an idle connection', async () => {
    await get(agent);
    draining.start();

    await draining.finish(app.server);

    expect(app.server.listening).toBe(false);
  });

  it('has nothing to wait for in a process without an HTTP API', async () => {
    const silent = fastify();

    await draining.finish(silent.server);

    expect(silent.server.listening).toBe(false);
  });
});
