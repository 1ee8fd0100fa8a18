import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NatsClient } from './nats-client.js';
import { NatsServer } from './testing/nats-server.js';

describe('NatsClient', () => {
  let server: NatsServer;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await NatsServer.start('--user', 'posts', '--pass', 'secret');
  });
  afterAll(() => server.remove());

  const tryAccount = (account: { user?: string; password?: string }) =>
    new NatsClient({ service: 'posts', url: server.url, ...account }).expectAccount();

  it.each([
    ['no account', {}],
    ['a wrong password', { user: 'posts', password: 'wrong' }],
    ['an unknown user', { user: 'users', password: 'secret' }],
  ])('stops the start for %s', async (_, account) => {
    await expect(tryAccount(account)).rejects.toThrow(
      `NATS at ${server.url} refused the account: correct NATS_USER and NATS_PASSWORD, NATS_TOKEN or NATS_CREDENTIALS.`,
    );
  });

  it('accepts the right account, and a server that is not there yet', async () => {
    const unavailable = new NatsClient({ service: 'posts', url: 'nats://127.0.0.1:1' });

    await expect(tryAccount({ user: 'posts', password: 'secret' })).resolves.toBeUndefined();
    await expect(unavailable.expectAccount()).resolves.toBeUndefined();
  });

  it('accepts a token', async () => {
    const other = await NatsServer.start('--auth', 'a-token');
    try {
      const tryToken = (token: string) =>
        new NatsClient({ service: 'posts', url: other.url, token }).expectAccount();

      await tryToken('a-token');
      await expect(tryToken('wrong')).rejects.toThrow('refused the account');
    } finally {
      await other.remove();
    }
  });

  it('shows no password of the URL', async () => {
    const url = server.url.replace('//', '//me:hidden@');

    await expect(
      new NatsClient({ service: 'posts', url, user: 'x', password: 'y' }).expectAccount(),
    ).rejects.toThrow(`NATS at ${server.url} refused`);
  });
});
