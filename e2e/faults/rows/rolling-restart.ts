import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { type Answer, isSuccess } from '../support/client.js';
import { join, untilDone } from '../support/people.js';

const APPS = ['auth', 'users', 'posts', 'jobs', 'worker'];
const PER_SECOND = 60;
const REQUESTS = 5_000;

export const rollingRestart: Row = {
  name: 'rolling-restart',
  promise: `Every service is restarted in turn, two replicas each, at ${PER_SECOND} requests/s: not one of ${REQUESTS.toLocaleString('en')} requests fails.`,
  replicas: { auth: 2, users: 2, posts: 2, jobs: 2, worker: 2 },
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const { call } = system;
    const { username, password, token } = await join(call);
    const body = { title: 'A post', text: 'Its text.' };
    const post = await untilDone(() => call(`POST /${username}/post`, { token, body }));
    const kinds: (() => Promise<Answer>)[] = [
      () => call(`GET /${username}/posts`),
      () => call('GET /user/me', { token }),
      () => call(`GET /user/${username}`),
      () => call(`POST /${username}/post`, { token, body }),
      () => call(`PATCH /${username}/post/${post.body.id}`, { token, body: { title: 'Another' } }),
      () => call('GET /tasks', { token }),
      () => call('GET /sessions', { token }),
      () => call(`GET /${username}/post/${post.body.id}`),
      () => call('GET /tiers'),
      () => call(`PATCH /user/${username}`, { token, body: { name: 'Somebody' } }),
      () => call('POST /tasks/task?message=x', { token }),
      () => call('POST /login', { form: { username, password } }),
    ];

    const restarted = new AbortController();
    const restarts = restartAll(system.names, (name) => system.process(name).restart()).finally(() =>
      restarted.abort(),
    );
    const running: Promise<unknown>[] = [];
    const failures: string[] = [];
    for (let sent = 0; sent < REQUESTS || !restarted.signal.aborted; sent++) {
      const due = delay(1_000 / PER_SECOND);
      const kind = kinds[sent % kinds.length]!;
      running.push(
        kind().then((answer) => {
          if (!isSuccess(report.count(answer)))
            failures.push(`${kind} ${answer.status} ${answer.text ?? ''}`);
        }),
      );
      await due;
    }
    await Promise.all(running);
    await restarts;
    for (const failure of failures.slice(0, 10)) report.note(failure);
    report.atLeast('requests', report.counts.attempted, REQUESTS);
    report.atMost('requests failed', failures.length, 0);
  },
};

/** One replica after the other, each app done before the next. */
async function restartAll(names: string[], restart: (name: string) => Promise<void>): Promise<void> {
  for (const app of APPS) {
    for (const name of names.filter((name) => name === app || name.startsWith(`${app}-`))) {
      await delay(2_000);
      await restart(name);
    }
  }
}
