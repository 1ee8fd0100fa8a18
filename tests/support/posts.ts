import assert from 'node:assert/strict';
import { api } from './api.ts';
import type { User } from './users.ts';

/** Creates a post and returns its id. */
export async function createPost({ username, token }: User, title = 'A post'): Promise<number> {
  const response = await api(`POST /${username}/post`, { token, body: { title, text: 'Its text.' } });
  assert.equal(response.status, 201, response.text);
  return response.body.id;
}
