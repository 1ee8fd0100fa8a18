import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer } from '@repo/runtime/testing/api-client';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.js';
import { api } from '../support/gateway.js';
import { makePost } from '../support/make.js';
import { join, logIn, newUser, expectSession, uniqueName } from '../support/people.js';
import { POST, USER } from '../support/shapes.js';

describe('somebody new', () => {
  it('signs up, logs in by form with name or address, and sees the own data', async () => {
    const user = newUser();
    const created = await api('POST /user', { body: user });
    const { username, email, password } = user;
    const byName = expectSession(await api('POST /login', { form: { username, password } }));
    const byAddress = expectSession(
      await api('POST /login', { form: { username: email.toUpperCase(), password } }),
    );

    expect([created.status, created.body]).toEqual([
      201,
      { ...USER, name: user.name, username, email, tier_id: null },
    ]);
    for (const { token } of [byName, byAddress]) {
      expect((await api('GET /user/me', { token })).body).toEqual(created.body);
    }
  });

  it('may log in with a multipart form as well', async () => {
    const { username, password } = await join();
    const form = new FormData();
    form.set('username', username);
    form.set('password', password);
    const request = new Request('http://form', { method: 'POST', body: form });
    const raw = new Uint8Array(await request.arrayBuffer());

    expectSession(
      await api('POST /login', { raw, headers: { 'Content-Type': request.headers.get('Content-Type')! } }),
    );
  });

  it('is the only one who gets a name, of eight who want it at once', async () => {
    const username = uniqueName();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: { ...newUser(), username } })),
    );
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);

    expect([won!.status, won!.body.username]).toEqual([201, username]);
    for (const answer of lost) expectProblem(answer, 422, 'Username not available');
  });

  it('is the only one who gets an address, of eight who want it at once', async () => {
    const { email } = newUser();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: newUser({ email }) })),
    );
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);

    expect([won!.status, won!.body.email]).toEqual([201, email]);
    for (const answer of lost) expectProblem(answer, 422, 'Email is already registered');
  });
});

describe('a user', () => {
  it('writes posts and finds them, page by page and by cursor', async () => {
    const author = await join();
    const ids: number[] = [];
    for (let nth = 0; nth < 5; nth += 1) ids.push(await makePost(author, `Post ${nth}`));
    const list = (query: string) => api(`GET /${author.username}/posts?${query}`);

    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(`page=${page}&items_per_page=2`)));
    expect(pages.map(({ body }) => [idsOf(body), body.has_more])).toEqual([
      [ids.slice(0, 2), true],
      [ids.slice(2, 4), true],
      [ids.slice(4), false],
      [[], false],
    ]);
    expect(pages[0]!.body).toMatchObject({ total_count: 5, page: 1, items_per_page: 2 });
    expect(await walk(list)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('sees every own change at once', async () => {
    const author = await join();
    const { username, token } = author;
    const id = await makePost(author, 'Before');
    const post = () => api(`GET /${username}/post/${id}`);
    const titles = async () => (await api(`GET /${username}/posts`)).body.data.map(titleOf);

    expect([(await post()).body, await titles()]).toEqual([{ ...POST, id, title: 'Before' }, ['Before']]);

    expectMessage(
      await api(`PATCH /${username}/post/${id}`, { token, body: { title: 'After' } }),
      'Post updated',
    );
    expect([titleOf((await post()).body), await titles()]).toEqual(['After', ['After']]);

    await makePost(author, 'Second');
    expect(await titles()).toEqual(['After', 'Second']);

    expectMessage(await api(`DELETE /${username}/post/${id}`, { token }), 'Post deleted');
    expectProblem(await post(), 404, 'Post not found');
    expect(await titles()).toEqual(['Second']);
  });

  it('stays logged in under a new name, and takes the posts along', async () => {
    const author = await join();
    const { username: oldName, token } = author;
    const id = await makePost(author);
    await api(`GET /${oldName}/posts`);
    const username = uniqueName();

    expectMessage(await api(`PATCH /user/${oldName}`, { token, body: { username } }), 'User updated');

    expect((await api('GET /user/me', { token })).body.username).toBe(username);
    expectProblem(await api(`GET /${oldName}/posts`), 404, 'User not found');
    expect(idsOf((await api(`GET /${username}/posts`)).body)).toEqual([id]);
    expect(await makePost({ ...author, username })).toBeGreaterThan(id);
    await logIn({ ...author, username });
  });

  it('cannot act under an old name that somebody else has taken', async () => {
    const before = await join();
    const { token } = before;
    await api(`PATCH /user/${before.username}`, { token, body: { username: uniqueName() } });
    const next = await join({ username: before.username, email: `${uniqueName()}@example.com` });
    const id = await makePost(next);

    const tries = [
      api(`PATCH /user/${next.username}`, { token, body: { name: 'Stolen' } }),
      api(`DELETE /user/${next.username}`, { token }),
      api(`POST /${next.username}/post`, { token, body: { title: 'Stolen', text: 'Stolen.' } }),
      api(`DELETE /${next.username}/post/${id}`, { token }),
    ];
    for (const answer of await Promise.all(tries)) {
      expectProblem(answer, 403, 'Request forbidden -- authorization will not help');
    }
  });

  it('is logged out of every service at once, and cannot refresh', async () => {
    const { username, token, cookie } = await join();
    const tryAll = (): Promise<ApiAnswer[]> =>
      Promise.all([
        api('GET /user/me', { token }),
        api(`POST /${username}/post`, { token, body: { title: 'A title', text: 'A text.' } }),
        api('GET /tasks', { token }),
        api('GET /sessions', { token }),
      ]);
    expect((await tryAll()).map(({ status }) => status)).toEqual([200, 201, 200, 200]);

    const logout = await api('POST /logout', { token });

    expectMessage(logout, 'Logged out successfully');
    expect(logout.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^refresh_token=;(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)(?=.*Path=\/)/),
    ]);
    for (const answer of await tryAll()) expectLoggedOut(answer);
    expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
  });

  it('shows the address to nobody else', async () => {
    const { username } = await join();
    const answers = [await api(`GET /user/${username}`), await api('GET /users?items_per_page=100')];

    for (const { text } of answers) expect(text).not.toMatch(/@|email|password|superuser/);
  });
});

const idsOf = ({ data }: { data: { id: number }[] }) => data.map(({ id }) => id);
const titleOf = ({ title }: { title: string }) => title;

/** Follows the cursors to the end: the ids on each page. */
async function walk(list: (query: string) => Promise<ApiAnswer>): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: ApiAnswer = await list(`items_per_page=2&cursor=${cursor}`);
    pages.push(idsOf(body));
    cursor = body.next_cursor;
  }
  return pages;
}
