import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join } from '../../support/people.js';
import { makePost } from '../../support/posts.js';

describe('the routes of posts', () => {
  it('are the same with a slash at their end, and can be asked for their head', async () => {
    const { username } = await join();

    expect((await api(`GET /${username}/posts/`)).status).toBe(200);
    expect(await api(`HEAD /${username}/posts`)).toMatchObject({ status: 200, text: '' });
  });

  it('say which methods they are served for', async () => {
    const answer = await api('PATCH /admin/posts');

    expectProblem(answer, 405, 'Method Not Allowed');
    expect(answer.headers.get('Allow')?.split(', ')).toContain('GET');
  });

  it('are kept by clients, and not sent twice', async () => {
    const author = await join();
    const id = await makePost(author);
    for (const path of [`/${author.username}/posts`, `/${author.username}/post/${id}`] as const) {
      const first = await api(`GET ${path}`);
      const ETag = first.headers.get('ETag')!.replace('W/', '');
      const again = await api(`GET ${path}`, { headers: { 'If-None-Match': ETag } });

      expect([first.status, first.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=60']);
      expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', ETag]);
    }
  });

  it('refuse a body that is longer than the longest post, and characters that no text has', async () => {
    const { username, token } = await join();
    const post = (title: string, text: string) =>
      api(`POST /${username}/post`, { token, body: { title, text } });

    expectProblem(await post('Title', 'x'.repeat(900_000)), 413, 'Payload Too Large');
    for (const title of ['a\0b', 'a\ud800b']) expectProblem(await post(title, 'A text.'), 422);
  });
});

describe('a post with an Idempotency-Key, sent until it is answered,', () => {
  it('is published once', async () => {
    const { username, token } = await join();
    const body = { title: 'Once', text: 'Its text.' };
    const headers = { 'Idempotency-Key': randomUUID() };

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api(`POST /${username}/post`, { token, body, headers })),
    );

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await api(`GET /${username}/posts`)).body).toMatchObject({
      total_count: 1,
      data: [answers[0]!.body],
    });
  });
});
