import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { type Answer, type Client, isSuccess } from '../support/client.js';
import { join, type Person, untilDone } from '../support/people.js';

const APPS = ['auth', 'users', 'posts', 'jobs', 'worker'];
const PEOPLE = 20;
const PER_SECOND = 60;
const REQUESTS = 5_000;

export const rollingRestart: Row = {
  name: 'rolling-restart',
  promise: `Every service is restarted in turn, two replicas each, at ${PER_SECOND} requests/s: not one of ${REQUESTS.toLocaleString('en')} requests fails.`,
  replicas: { auth: 2, users: 2, posts: 2, jobs: 2, worker: 2 },
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const { call } = system;
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => join(call)));
    const calls = await Promise.all(people.map((person) => callsOf(person, call)));

    const restarted = new AbortController();
    const restarts = restartAll(system.names, (name) => system.process(name).restart()).finally(() =>
      restarted.abort(),
    );
    const running: Promise<unknown>[] = [];
    const failures: string[] = [];
    for (let sent = 0; sent < REQUESTS || !restarted.signal.aborted; sent++) {
      const due = delay(1_000 / PER_SECOND);
      const ofPerson = calls[sent % PEOPLE]!;
      const ask = ofPerson[sent % ofPerson.length]!;
      running.push(
        ask().then((answer) => {
          if (!isSuccess(report.count(answer))) failures.push(`${ask} ${answer.status} ${answer.text ?? ''}`);
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

/** What one person does. */
async function callsOf(person: Person, call: Client): Promise<(() => Promise<Answer>)[]> {
  const { username, password, token } = person;
  const body = { title: 'A post', text: 'Its text.' };
  const post = await untilDone(() => call(`POST /${username}/post`, { token, body }));
  return [
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
}

/** One replica after the other, each app done before the next. */
async function restartAll(names: string[], restart: (name: string) => Promise<void>): Promise<void> {
  for (const app of APPS) {
    for (const name of names.filter((name) => name === app || name.startsWith(`${app}-`))) {
      await delay(2_000);
      await restart(name);
    }
  }
}
