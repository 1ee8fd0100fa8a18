import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { createPost } from '../../support/posts.ts';

describe('the routes of posts', () => {
  it('may end with a slash, and support HEAD', async () => {
    const { username } = await createUser();

    expect((await api(`GET /${username}/posts/`)).status).toBe(200);
    expect(await api(`HEAD /${username}/posts`)).toMatchObject({ status: 200, text: '' });
  });

  it('return 405 with the allowed methods for another method', async () => {
    const response = await api('PATCH /admin/posts');

    expectProblem(response, 405, 'Method Not Allowed');
    expect(response.headers.get('Allow')?.split(', ')).toContain('GET');
  });

  it('let clients revalidate responses', async () => {
    const author = await createUser();
    const id = await createPost(author);
    for (const path of [`/${author.username}/posts`, `/${author.username}/post/${id}`] as const) {
      const first = await api(`GET ${path}`);
      const ETag = first.headers.get('ETag')!.replace('W/', '');
      const again = await api(`GET ${path}`, { headers: { 'If-None-Match': ETag } });

      expect([first.status, first.headers.get('Cache-Control')]).toEqual([200, 'public, no-cache']);
      expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', ETag]);
    }
  });

  it('refuse a body that is too large, NUL and a lone surrogate', async () => {
    const { username, token } = await createUser();
    const post = (title: string, text: string) =>
      api(`POST /${username}/post`, { token, body: { title, text } });

    expectProblem(await post('Title', 'x'.repeat(900_000)), 413, 'Payload Too Large');
    for (const title of ['a\0b', 'a\ud800b']) expectProblem(await post(title, 'A text.'), 422);
  });
});

describe('the creation of a post with an Idempotency-Key', () => {
  it('creates one post when it is sent 20 times concurrently', async () => {
    const { username, token } = await createUser();
    const body = { title: 'Once', text: 'Its text.' };
    const headers = { 'Idempotency-Key': randomUUID() };

    const responses = await Promise.all(
      Array.from({ length: 20 }, () => api(`POST /${username}/post`, { token, body, headers })),
    );

    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await api(`GET /${username}/posts`)).body).toMatchObject({
      total_count: 1,
      data: [responses[0]!.body],
    });
  });
});
