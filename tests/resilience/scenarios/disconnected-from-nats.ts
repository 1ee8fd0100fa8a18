import { setTimeout as delay } from 'node:timers/promises';
import { eventually, retry } from '../../support/eventually.ts';
import { createPost } from '../../support/posts.ts';
import { createUser } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { call, isSuccess, untilSuccess } from '../support/client.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

const RECOVERY_LIMIT_S = 5;

const FAULTS: Record<string, (proxy: TcpProxy) => void> = {
  cut: (proxy) => proxy.cut(),
  frozen: (proxy) => proxy.freeze(),
  slow: (proxy) => proxy.delay(2_000),
};

export const disconnectedFromNats: Scenario = {
  name: 'disconnected-from-nats',
  guarantee: `The connection between posts and NATS is cut, frozen or slow: posts accepts no token that was revoked meanwhile, the other services work, public reads are served, and ${RECOVERY_LIMIT_S} s after the connection is restored everything works.`,
  proxied: [['posts', 'nats']],
  async run(system, report) {
    const proxy = system.proxy('posts', 'nats');
    const author = await retry(createUser);
    const postId = await retry(() => createPost(author));
    const body = { title: 'A post', text: 'Its text.' };
    let accepted = 0;
    let othersFailed = 0;
    let readsRefused = 0;
    let slowestRecoveryMs = 0;
    for (const [name, begin] of Object.entries(FAULTS)) {
      const guest = await retry(createUser);
      const write = () => call(`POST /${guest.username}/post`, { token: guest.token, body });
      await untilSuccess(write);
      begin(proxy);
      await untilSuccess(() => call('POST /logout', { token: guest.token }));
      for (let round = 0; round < 10; round++) {
        if (isSuccess(report.count(await write()))) {
          accepted += 1;
          report.note(`${name}: a revoked token was accepted`);
        }
        if (!isSuccess(report.count(await call('GET /user/me', { token: author.token })))) othersFailed += 1;
        if (!isSuccess(report.count(await call(`GET /${author.username}/post/${postId}`)))) readsRefused += 1;
        await delay(100);
      }
      const restoredAt = performance.now();
      proxy.restore();
      await eventually(
        () => call(`POST /${author.username}/post`, { token: author.token, body }),
        isSuccess,
        { timeoutMs: 20_000 },
      );
      slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - restoredAt);
    }
    report.atMost('revoked tokens accepted', accepted, 0);
    report.atMost('requests to other services failed', othersFailed, 0);
    report.atMost('public reads refused', readsRefused, 0);
    report.atMost('recovery', slowestRecoveryMs / 1000, RECOVERY_LIMIT_S, ' s');
  },
};
