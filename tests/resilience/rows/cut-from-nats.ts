import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { eventually } from '../../support/eventually.js';
import { isSuccess } from '../support/client.js';
import { join, untilDone } from '../support/people.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

const RETURN_LIMIT_S = 5;

/** What may befall a cable, and how a process on its other end gets to know of it. */
const CUTS: Record<string, (cable: TcpProxy) => void> = {
  cut: (cable) => cable.cut(),
  silent: (cable) => cable.freeze(),
  slow: (cable) => cable.delay(2_000),
};

export const cutFromNats: Row = {
  name: 'cut-from-nats',
  promise:
    'The posts service alone is cut off from NATS, finds it silent, or very slow: it accepts no token that was revoked meanwhile, all others work on, public reads are served, and 5 s after the cable is mended all is normal.',
  cables: [['posts', 'nats']],
  async run(system, report) {
    const { call } = system;
    const cable = system.cable('posts', 'nats');
    const author = await join(call);
    const body = { title: 'A post', text: 'Its text.' };
    const post = await untilDone(() => call(`POST /${author.username}/post`, { token: author.token, body }));
    let passed = 0;
    let othersFailed = 0;
    let unread = 0;
    let slowestReturn = 0;
    for (const [name, damage] of Object.entries(CUTS)) {
      const guest = await join(call);
      const write = () => call(`POST /${guest.username}/post`, { token: guest.token, body });
      await untilDone(write);
      damage(cable);
      await untilDone(() => call('POST /logout', { token: guest.token }));
      for (let time = 0; time < 10; time++) {
        if (isSuccess(report.count(await write()))) {
          passed += 1;
          report.note(`${name}: a revoked token was accepted`);
        }
        if (!isSuccess(report.count(await call('GET /user/me', { token: author.token })))) othersFailed += 1;
        if (!isSuccess(report.count(await call(`GET /${author.username}/post/${post.body.id}`)))) unread += 1;
        await delay(100);
      }
      const mendedAt = performance.now();
      cable.mend();
      await eventually(
        () => call(`POST /${author.username}/post`, { token: author.token, body }),
        isSuccess,
        { timeoutMs: 20_000 },
      );
      slowestReturn = Math.max(slowestReturn, performance.now() - mendedAt);
    }
    report.atMost('revoked tokens accepted', passed, 0);
    report.atMost('requests to other services failed', othersFailed, 0);
    report.atMost('public reads refused', unread, 0);
    report.atMost('back to normal after', slowestReturn / 1000, RETURN_LIMIT_S, ' s');
  },
};
