// @ts-check
// The path of somebody new, timed: from nothing to a feature of their own that is served.
// Usage: node infra/ci/newcomer.mjs
import { setTimeout as delay } from 'node:timers/promises';
import { Clone, log } from './clone.mjs';

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
  while ((await ask(gateway, 'GET', '/comments')).status !== 200) {
    if (Date.now() - from > SERVED_LIMIT_MS) throw new Error('GET /comments is not served');
    await delay(200);
  }
  await expect(201, ask(gateway, 'POST', '/user', { body: user }));
  const { access_token: token } = await expect(
    200,
    ask(gateway, 'POST', '/login', {
      body: new URLSearchParams({ username: 'ada', password: user.password }),
    }),
  );
  const body = { title: 'Note G', body: 'A table of numbers.', rating: 5 };
  const { id } = await expect(201, ask(gateway, 'POST', '/comment', { body, token }));
  const read = await expect(200, ask(gateway, 'GET', `/comment/${id}`));
  if (read.title !== 'Note G') throw new Error(`This is not what was written: ${JSON.stringify(read)}`);
  log('it is served: sign up, log in, write a comment, read it', from);
}

/**
 * @param {string} gateway
 * @param {string} method
 * @param {string} path
 * @param {{ body?: object, token?: string }} [options]
 */
function ask(gateway, method, path, { body, token } = {}) {
  const form = body instanceof URLSearchParams;
  return fetch(`${gateway}/api/v1${path}`, {
    method,
    headers: {
      ...(body && !form && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    ...(body && { body: form ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
}

/** @param {number} status @param {Promise<Response>} answer */
async function expect(status, answer) {
  const response = await answer;
  const body = await response.json();
  if (response.status !== status)
    throw new Error(`${response.url}: ${response.status} ${JSON.stringify(body)}`);
  return body;
}
