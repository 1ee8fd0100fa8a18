import assert from 'node:assert/strict';
import { api } from './gateway.js';
import type { Person } from './people.js';

/** Publishes a post and gives its id. */
export async function makePost({ username, token }: Person, title = 'A post'): Promise<number> {
  const answer = await api(`POST /${username}/post`, { token, body: { title, text: 'Its text.' } });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.id;
}
