// Measures the quickstart: clone, npm run dev, generate a feature, use it.
// Usage: node tests/system/quickstart.ts
import assert from 'node:assert/strict';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { retry } from '../support/eventually.ts';
import { Clone } from './clone.ts';

await prepareCheckout();
// Compiled code.
const { api } = await import('../support/api.ts');
const { createUser } = await import('../support/users.ts');

const FIELDS = 'title:string:2..30 body:text rating:int:1..5? published_at:datetime?';
const COMMENT = { title: 'Note G', body: 'A table of numbers.', rating: 5 };
const SERVED_LIMIT_MS = 120_000;

const clone = new Clone('quickstart');
try {
  const system = await clone.start('run', 'dev');
  clone.npm('gen', 'feature', 'posts', 'comment', '--fields', FIELDS);
  process.env.GATEWAY_URL = system.gateway;
  // `npm run dev` reloads services, and applies migrations with the next batch of files: until then, requests fail.
  await retry(useFeature, { timeoutMs: SERVED_LIMIT_MS });
  console.log(`from nothing to a generated feature that is served: ${clone.age}`);
  await system.stop();
} finally {
  clone.remove();
}

/** Signs up, logs in, writes a comment and reads it. */
async function useFeature(): Promise<void> {
  assert.equal((await api('GET /comments')).status, 200);
  const { token } = await createUser();
  const { status, body, text } = await api('POST /comment', { token, body: COMMENT });
  assert.equal(status, 201, text);
  assert.equal((await api(`GET /comment/${body.id}`)).body.title, COMMENT.title);
}
