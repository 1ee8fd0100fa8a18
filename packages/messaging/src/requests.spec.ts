import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  type INestMicroservice,
  Logger,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import type { GetUser, GetUserByUsername, Jwks } from '@repo/contracts';
import { NotFoundError, requestContext, runInContext, traceparentOf, UnavailableError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { of, throwError } from 'rxjs';
import type { DeadLetters } from './dead-letters.js';
import { EventDispatcher } from './event-dispatcher.js';
import { OnRequest } from './message.decorators.js';
import { NatsClient } from './nats-client.js';
import { NatsTransport } from './nats-transport.js';
import { ReplicaBus } from './replica-bus.js';
import { Requests } from './requests.js';
import { NatsServer } from './testing/nats-server.js';

@Catch()
class Rethrow implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost) {
    return throwError(() => error);
  }
}

/** Functions that end the running handlers. */
const finish: (() => void)[] = [];

@Controller()
class UsersResponder {
  @OnRequest('users.get-user')
  getUser(@Payload() { id }: GetUser) {
    if (id === 404) throw new NotFoundError('User not found');
    if (id === 500) throw new Error('a secret');
    return { id, context: requestContext() };
  }

  @OnRequest('users.get-user-by-username')
  async getUserByUsername(@Payload() { username }: GetUserByUsername) {
    await new Promise<void>((resolve) => finish.push(resolve));
    return { username };
  }

  @OnRequest('auth.get-keys')
  getKeys() {
    return of({ keys: [] } satisfies Jwks);
  }
}

let server: NatsServer;
let client: NatsClient;
let requests: Requests;

async function startProvider(): Promise<{ app: INestMicroservice; nats: NatsClient }> {
  const nats = new NatsClient({ service: 'users', url: server.url });
  const bus = new ReplicaBus(nats);
  const strategy = new NatsTransport(nats, bus, new EventDispatcher(), {} as DeadLetters);
  const module = { module: class {}, controllers: [UsersResponder] };
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  app.useGlobalFilters(new Rethrow());
  await app.listen();
  nats.start();
  return { app, nats };
}

async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work.catch(() => undefined);
  return performance.now() - start;
}

describe('Requests', () => {
  let provider: { app: INestMicroservice; nats: NatsClient };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await NatsServer.start();
    provider = await startProvider();
    client = new NatsClient({ service: 'posts', url: server.url });
    client.start();
    requests = new Requests(client);
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
  });
  afterAll(async () => {
    await provider.app.close();
    await Promise.all([provider.nats.close(), client.close()]);
    await server.remove();
  });

  it('sends the request to the service that answers it, with the context of the running request', async () => {
    const deadline = Date.now() + 1_000;
    const traceparent = traceparentOf(undefined);
    const answer = await runInContext({ requestId: 'r-1', traceparent, deadline }, () =>
      requests.request('users.get-user', { id: 7 }),
    );

    expect(answer).toMatchObject({ id: 7, context: { requestId: 'r-1', traceparent } });
    const { context } = answer as unknown as { context: { deadline: number } };
    expect(context.deadline).toBeLessThanOrEqual(deadline + 50);
  });

  it('returns the value of a handler that returns an observable', async () => {
    expect(await requests.request('auth.get-keys', {})).toEqual({ keys: [] });
  });

  it('throws the error of the other service', async () => {
    await expect(requests.request('users.get-user', { id: 404 })).rejects.toMatchObject({
      status: 404,
      code: 'user-not-found',
      detail: 'User not found',
    });
  });

  it('throws a 500 without details when the handler fails with an unexpected error', async () => {
    const refusal = requests.request('users.get-user', { id: 500 });

    await expect(refusal).rejects.toMatchObject({ status: 500, detail: 'Internal Server Error' });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });

  it('is refused with 422 when it is not JSON', async () => {
    const reply = await client.connection.request('rpc.users.get-user', '{');

    expect(reply.json()).toMatchObject({ error: { status: 422, code: 'invalid-input' } });
  });

  it('fails immediately when no replica of the service is connected', async () => {
    const request = requests.request('users.change-password', {
      userId: 1,
      currentPassword: '',
      newPassword: '',
      keepSessionId: null,
    });

    expect(await timed(request)).toBeLessThan(200);
    await expect(request).rejects.toBeInstanceOf(UnavailableError);
  });

  it('does not send the request when the deadline of the running request has passed', async () => {
    const late = runInContext({ requestId: 'r-2', deadline: Date.now() - 1 }, () =>
      requests.request('users.get-user', { id: 1 }),
    );

    await expect(late).rejects.toBeInstanceOf(UnavailableError);
  });

  it('waits for the timeout, and fails immediately after three timeouts in a row', async () => {
    const requests = new Requests(client);
    const request = () =>
      requests.request('users.get-user-by-username', { username: 'x' }, { timeoutMs: 60 });

    for (let i = 0; i < 3; i++) expect(await timed(request())).toBeGreaterThan(50);

    expect(await timed(request())).toBeLessThan(20);
    for (const end of finish.splice(0)) end();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
    await expect(requests.request('users.get-user', { id: 1 })).resolves.toBeDefined();
  });

  it('responds to requests in progress when the service stops', async () => {
    const stopping = await startProvider();
    await provider.app.close();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
    const answer = requests.request('users.get-user-by-username', { username: 'late' });
    await waitFor(() => finish.length > 0);

    const closed = stopping.app.close();
    await waitFor(() =>
      requests.request('users.get-user', { id: 1 }).then(
        () => false,
        () => true,
      ),
    );
    for (const end of finish) end();

    expect(await answer).toEqual({ username: 'late' });
    await closed;
    await stopping.nats.close();
  });

  it('fails immediately when NATS becomes unavailable before the response', async () => {
    const again = await startProvider();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
    finish.length = 0;
    const request = requests.request('users.get-user-by-username', { username: 'x' }, { timeoutMs: 30_000 });
    const failure = request.then(
      () => undefined,
      (error: unknown) => error,
    );
    await waitFor(() => finish.length > 0);

    await server.kill();
    expect(await failure).toBeInstanceOf(UnavailableError);

    for (const end of finish.splice(0)) end();
    await server.restart();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
    await again.app.close();
    await again.nats.close();
  });

  it('fails immediately while NATS is unavailable, and works when it is available again', async () => {
    const again = await startProvider();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));

    await server.kill();
    await waitFor(() => !client.connected);
    expect(await timed(requests.request('users.get-user', { id: 1 }))).toBeLessThan(20);
    await expect(requests.request('users.get-user', { id: 1 })).rejects.toBeInstanceOf(UnavailableError);

    await server.restart();
    await waitFor(() => requests.request('users.get-user', { id: 1 }));
    await again.app.close();
    await again.nats.close();
  });
});
