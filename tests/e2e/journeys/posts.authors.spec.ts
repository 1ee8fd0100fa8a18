import { describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, type Person, superuser, uniqueName } from '../../support/people.js';
import { makePost } from '../../support/posts.js';

const POST = { title: 'A title', text: 'A text.' };
const write = ({ username, token }: Pick<Person, 'username' | 'token'>) =>
  api(`POST /${username}/post`, { token, body: POST });
const idsOf = ({ data }: { data: { id: number }[] }) => data.map(({ id }) => id);

describe('an author', () => {
  it('takes the posts along to a new name', async () => {
    const author = await join();
    const { username: oldName, token } = author;
    const id = await makePost(author);
    await api(`GET /${oldName}/posts`);
    const username = uniqueName();

    expectMessage(await api(`PATCH /user/${oldName}`, { token, body: { username } }), 'User updated');

    expectProblem(await api(`GET /${oldName}/posts`), 404, 'User not found');
    expect(idsOf((await api(`GET /${username}/posts`)).body)).toEqual([id]);
    expect(await makePost({ ...author, username })).toBeGreaterThan(id);
  });

  it('cannot write under an old name that somebody else has taken', async () => {
    const before = await join();
    const { token } = before;
    await api(`PATCH /user/${before.username}`, { token, body: { username: uniqueName() } });
    const next = await join({ username: before.username, email: `${uniqueName()}@example.com` });
    const id = await makePost(next);

    for (const answer of [
      await write({ ...next, token }),
      await api(`DELETE /${next.username}/post/${id}`, { token }),
    ])
      expectProblem(answer, 403, 'Request forbidden -- authorization will not help');
  });

  it('who has logged out writes no more', async () => {
    const author = await join();
    expect((await write(author)).status).toBe(201);

    await api('POST /logout', { token: author.token });

    expectLoggedOut(await write(author));
  });

  it('who has left is not shown any more, not even from a cache, and writes no more', async () => {
    const author = await join();
    const { username, token } = author;
    const id = await makePost(author);
    const paths = [`GET /${username}/posts`, `GET /${username}/post/${id}`] as const;
    for (const path of paths) expect((await api(path)).status).toBe(200);

    await api(`DELETE /user/${username}`, { token });

    for (const path of paths) expectProblem(await api(path), 404, 'User not found');
    expectLoggedOut(await write(author));
  });

  it('whom a superuser erases leaves no post behind', async () => {
    const author = await join();
    const id = await makePost(author);

    await api(`DELETE /db_user/${author.username}`, { token: await superuser() });
    const next = await join({ username: author.username, email: author.email });

    expect((await api(`GET /${next.username}/posts`)).body).toMatchObject({ data: [], total_count: 0 });
    expectProblem(await api(`GET /${next.username}/post/${id}`), 404, 'Post not found');
    expect(await makePost(next)).toBeGreaterThan(id);
  });
});
