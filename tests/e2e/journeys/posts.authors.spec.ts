import { describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { createUser, type User, adminToken, uniqueName } from '../../support/users.ts';
import { createPost } from '../../support/posts.ts';

const POST = { title: 'A title', text: 'A text.' };
const write = ({ username, token }: Pick<User, 'username' | 'token'>) =>
  api(`POST /${username}/post`, { token, body: POST });
const idsOf = ({ data }: { data: { id: number }[] }) => data.map(({ id }) => id);

describe('an author', () => {
  it('keeps its posts after a rename', async () => {
    const author = await createUser();
    const { username: formerName, token } = author;
    const id = await createPost(author);
    await api(`GET /${formerName}/posts`);
    const username = uniqueName();

    expectMessage(await api(`PATCH /user/${formerName}`, { token, body: { username } }), 'User updated');

    expectProblem(await api(`GET /${formerName}/posts`), 404, 'User not found');
    expect(idsOf((await api(`GET /${username}/posts`)).body)).toEqual([id]);
    expect(await createPost({ ...author, username })).toBeGreaterThan(id);
  });

  it('cannot write under a former username that another user has taken', async () => {
    const renamed = await createUser();
    const { token } = renamed;
    await api(`PATCH /user/${renamed.username}`, { token, body: { username: uniqueName() } });
    const next = await createUser({ username: renamed.username, email: `${uniqueName()}@example.com` });
    const id = await createPost(next);

    for (const response of [
      await write({ ...next, token }),
      await api(`DELETE /${next.username}/post/${id}`, { token }),
    ])
      expectProblem(response, 403, 'Request forbidden -- authorization will not help');
  });

  it('cannot write after a logout', async () => {
    const author = await createUser();
    expect((await write(author)).status).toBe(201);

    await api('POST /logout', { token: author.token });

    expectLoggedOut(await write(author));
  });

  it('is not shown, not even from a cache, and cannot write after a soft delete', async () => {
    const author = await createUser();
    const { username, token } = author;
    const id = await createPost(author);
    const paths = [`GET /${username}/posts`, `GET /${username}/post/${id}`] as const;
    for (const path of paths) expect((await api(path)).status).toBe(200);

    await api(`DELETE /user/${username}`, { token });

    for (const path of paths) expectProblem(await api(path), 404, 'User not found');
    expectLoggedOut(await write(author));
  });

  it('leaves no post after a hard delete', async () => {
    const author = await createUser();
    const id = await createPost(author);

    await api(`DELETE /db_user/${author.username}`, { token: await adminToken() });
    const next = await createUser({ username: author.username, email: author.email });

    expect((await api(`GET /${next.username}/posts`)).body).toMatchObject({ data: [], total_count: 0 });
    expectProblem(await api(`GET /${next.username}/post/${id}`), 404, 'Post not found');
    expect(await createPost(next)).toBeGreaterThan(id);
  });
});
