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
    app.get('/', async () => 'ok');
    await app.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = app.server.address() as AddressInfo);
  });
  afterEach(async () => {
    agent.destroy();
    await app.close();
  });

  const get = (through: Agent | false) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port, agent: through }, (response) =>
        response.resume().on('end', () => resolve(response)),
      )
        .on('error', reject)
        .end();
    });

  it('closes a connection with the next response', async () => {
    expect((await get(agent)).headers.connection).toBe('keep-alive');

    draining.start();

    expect((await get(agent)).headers.connection).toBe('close');
  });

  it('responds on an idle connection while it refuses new ones', async () => {
    await get(agent);
    draining.start();
    const finished = draining.finish(app.server);
    await waitFor(() => !app.server.listening);

    await expect(get(false)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await get(agent)).statusCode).toBe(200);
    await finished;
  });

  it('responds on all connections of the accept queue', async () => {
    draining.start();
    const requests = Array.from({ length: 20 }, () => get(false));
    const finished = draining.finish(app.server);

    const responses = await Promise.all(requests);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(requests.map(() => 200));
    await finished;
  });

  it('closes an idle connection after a timeout', async () => {
    await get(agent);
    draining.start();

    await draining.finish(app.server);

    expect(app.server.listening).toBe(false);
  });

  it('finishes immediately when the server does not listen', async () => {
    const idle = fastify();

    await draining.finish(idle.server);

    expect(idle.server.listening).toBe(false);
  });
});
