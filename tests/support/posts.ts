import assert from 'node:assert/strict';
import { api } from './api.ts';
import type { User } from './users.ts';

/** Creates a post and returns its id. */
export async function createPost({ username, token }: User, title = 'A post'): Promise<number> {
  const answer = await api(`POST /${username}/post`, { token, body: { title, text: 'Its text.' } });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.id;
}
