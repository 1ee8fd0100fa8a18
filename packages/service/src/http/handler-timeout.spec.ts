import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { registerHandlerTimeout } from './handler-timeout.js';

describe('registerHandlerTimeout', () => {
  let app: FastifyInstance;
  let finish: (value: string) => void;

  beforeEach(() => {
    app = fastify();
    registerHandlerTimeout(app, 50);
    app.get('/slow', () => new Promise<string>((resolve) => (finish = resolve)));
    app.get('/fast', async () => 'done');
  });
  afterEach(() => app.close());

  it('returns 503 for a handler that does not respond, also when it does so later', async () => {
    const { statusCode, headers } = await app.inject('/slow');
    finish('too late');

    expect(statusCode).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect((await app.inject('/fast')).statusCode).toBe(200);
  });

  it('leaves a response that is in time', async () => {
    expect((await app.inject('/fast')).body).toBe('done');
  });
});
