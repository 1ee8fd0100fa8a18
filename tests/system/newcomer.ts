// @ts-check
// The path of somebody new, timed: from nothing to a feature of their own that is served.
// Usage: node tests/system/newcomer.ts
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
const clone = new Clone('newcomer');
clone.typed++;
log('git clone', since);
try {
  const system = await clone.start('run', 'dev');
  clone.npm('gen', 'feature', 'posts', 'comment', '--fields', FIELDS);
  await served(system.gateway);
  console.log(
    `${clone.typed} commands typed; from nothing to a generated feature that is served in ${clone.seconds} s`,
  );
  await system.stop();
} finally {
  clone.remove();
}

/** Somebody signs up and makes use of it. @param {string} gateway */
async function served(gateway) {
  const from = Date.now();
  const ask = askerAt(gateway, from + SERVED_LIMIT_MS);
  await ask(200, 'GET', '/comments');
  await ask(201, 'POST', '/user', { body: user });
  const form = new URLSearchParams({ username: user.username, password: user.password });
  const { access_token: token } = await ask(200, 'POST', '/login', { body: form });
  const body = { title: 'Note G', body: 'A table of numbers.', rating: 5 };
  const { id } = await ask(201, 'POST', '/comment', { body, token });
  const { title } = await ask(200, 'GET', `/comment/${id}`);
  if (title !== body.title) throw new Error(`This is not what was written: ${title}`);
  log('it is served: sign up, log in, write a comment, read it', from);
}

/**
 * Asks until it is answered: while `npm run dev` takes up what has changed, a service may be away, or not know the route.
 *
 * @param {string} gateway
 * @param {number} deadline
 */
function askerAt(gateway, deadline) {
  return async (
    /** @type {number} */ expected,
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {{ body?: object, token?: string }} */ { body, token } = {},
  ) => {
    const form = body instanceof URLSearchParams;
    const headers = {
      'Idempotency-Key': randomUUID(),
      ...(body && !form && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    for (;;) {
      const answer = await fetch(`${gateway}/api/v1${path}`, {
        ...{ method, headers, signal: AbortSignal.timeout(10_000) },
        ...(body && { body: form ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status === expected) return JSON.parse(text);
      const mayBeAway = [404, 503].includes(answer.status) && Date.now() < deadline;
      if (!mayBeAway) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      await delay(200);
    }
  };
}
