// Measures the quickstart: clone, npm run dev, generate a feature, call it.
// Usage: node tests/system/quickstart.ts
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Clone, log } from './clone.ts';

const FIELDS = 'title:string:2..30 body:text rating:int:1..5? published_at:datetime?';
const SERVED_LIMIT_MS = 120_000;
const user = {
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.com',
  password: 'engine-of-analysis',
};

const since = Date.now();
const clone = new Clone('quickstart');
clone.typed++;
log('git clone', since);
try {
  const system = await clone.start('run', 'dev');
  clone.npm('gen', 'feature', 'posts', 'comment', '--fields', FIELDS);
  await callFeature(system.gateway);
  console.log(
    `${clone.typed} commands typed; from nothing to a generated feature that is served in ${clone.seconds} s`,
  );
  await system.stop();
} finally {
  clone.remove();
}

/** Signs up, logs in, writes a comment and reads it. */
async function callFeature(gateway: string): Promise<void> {
  const from = Date.now();
  const call = clientOf(gateway, from + SERVED_LIMIT_MS);
  await call(200, 'GET', '/comments');
  await call(201, 'POST', '/user', { body: user });
  const form = new URLSearchParams({ username: user.username, password: user.password });
  const { access_token: token } = await call(200, 'POST', '/login', { body: form });
  const body = { title: 'Note G', body: 'A table of numbers.', rating: 5 };
  const { id } = await call(201, 'POST', '/comment', { body, token });
  const { title } = await call(200, 'GET', `/comment/${id}`);
  if (title !== body.title) throw new Error(`The title is "${title}" instead of "${body.title}".`);
  log('it is served: sign up, log in, write a comment, read it', from);
}

interface RequestOptions {
  body?: object;
  token?: string;
}

/**
 * A client that retries until the deadline: while `npm run dev` reloads a service, it is unavailable or has no such
 * route.
 */
function clientOf(gateway: string, deadline: number) {
  return async (expected: number, method: string, path: string, { body, token }: RequestOptions = {}) => {
    const isForm = body instanceof URLSearchParams;
    const headers = {
      'Idempotency-Key': randomUUID(),
      ...(body && !isForm && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    for (;;) {
      const response = await fetch(`${gateway}/api/v1${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(10_000),
        body: isForm ? body : body && JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status === expected)
        return JSON.parse(text) as { access_token?: string; id?: number; title?: string };
      // 500: the service has the new code, and its table is migrated when `npm run dev` applies the next batch of files.
      const isReloading = [404, 500, 503].includes(response.status) && Date.now() < deadline;
      if (!isReloading) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      await delay(200);
    }
  };
}
