import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '../../support/eventually.ts';
import { createPost } from '../../support/posts.ts';
import { createUser, type User } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { type Answer, call, isSuccess } from '../support/client.ts';

const APPS = ['auth', 'users', 'posts', 'jobs', 'worker'];
const USERS = 20;
const PER_SECOND = 60;
const REQUESTS = 5_000;

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  guarantee: `Every service is restarted, one of its two replicas after the other, at ${PER_SECOND} requests/s: none of ${REQUESTS.toLocaleString('en')} requests fails.`,
  replicas: { auth: 2, users: 2, posts: 2, jobs: 2, worker: 2 },
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const users = await Promise.all(Array.from({ length: USERS }, () => retry(createUser)));
    const requests = await Promise.all(users.map(requestsOf));

    const restarted = new AbortController();
    const restarts = restartAll(system.names, (name) => system.process(name).restart()).finally(() =>
      restarted.abort(),
    );
    const running: Promise<unknown>[] = [];
    const failures: string[] = [];
    for (let sent = 0; sent < REQUESTS || !restarted.signal.aborted; sent++) {
      const due = delay(1_000 / PER_SECOND);
      const ofUser = requests[sent % USERS]!;
      const send = ofUser[sent % ofUser.length]!;
      running.push(
        send().then((answer) => {
          if (!isSuccess(report.count(answer)))
            failures.push(`${send} ${answer.status} ${answer.text ?? ''}`);
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

async function requestsOf(user: User): Promise<(() => Promise<Answer>)[]> {
  const { username, password, token } = user;
  const body = { title: 'A post', text: 'Its text.' };
  const postId = await retry(() => createPost(user));
  return [
    () => call(`GET /${username}/posts`),
    () => call('GET /user/me', { token }),
    () => call(`GET /user/${username}`),
    () => call(`POST /${username}/post`, { token, body }),
    () => call(`PATCH /${username}/post/${postId}`, { token, body: { title: 'Another' } }),
    () => call('GET /tasks', { token }),
    () => call('GET /sessions', { token }),
    () => call(`GET /${username}/post/${postId}`),
    () => call('GET /tiers'),
    () => call(`PATCH /user/${username}`, { token, body: { name: 'New Name' } }),
    () => call('POST /tasks/task?message=x', { token }),
    () => call('POST /login', { form: { username, password } }),
  ];
}

/** Restarts all replicas, one after the other. */
async function restartAll(names: string[], restart: (name: string) => Promise<void>): Promise<void> {
  for (const app of APPS) {
    for (const name of names.filter((name) => name === app || name.startsWith(`${app}-`))) {
      await delay(2_000);
      await restart(name);
    }
  }
}
