import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.js';
import { api } from '../support/gateway.js';
import { makePost, makeTask } from '../support/make.js';
import { join, logIn, newUser, type Person, type Session, superuser } from '../support/people.js';

const WRONG = 'Wrong username, email or password.';

/** Every service refuses what the session was good for. */
async function expectDead({ username, token, cookie }: Pick<Person, 'username'> & Session): Promise<void> {
  const calls = [
    api('GET /user/me', { token }),
    api(`POST /${username}/post`, { token, body: { title: 'A title', text: 'A text.' } }),
    api('GET /tasks', { token }),
    api('GET /sessions', { token }),
  ];
  for (const answer of await Promise.all(calls)) expectLoggedOut(answer);
  expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
}

describe('a user who has left', () => {
  it('is logged out everywhere, on every device, and cannot come back', async () => {
    const user = await join();
    const otherDevice = await logIn(user);

    expectMessage(await api(`DELETE /user/${user.username}`, { token: user.token }), 'User deleted');

    await expectDead(user);
    await expectDead({ ...user, ...otherDevice });
    for (const username of [user.username, user.email]) {
      expectProblem(await api('POST /login', { form: { username, password: user.password } }), 401, WRONG);
    }
  });

  it('is not shown any more, nor are the posts, not even from a cache', async () => {
    const user = await join();
    const id = await makePost(user);
    const paths = [
      `GET /user/${user.username}`,
      `GET /${user.username}/posts`,
      `GET /${user.username}/post/${id}`,
    ] as const;
    for (const path of paths) expect((await api(path)).status).toBe(200);

    await api(`DELETE /user/${user.username}`, { token: user.token });

    for (const path of paths) expectProblem(await api(path), 404, 'User not found');
  });

  it('keeps name and address', async () => {
    const { username, email, token } = await join();
    await api(`DELETE /user/${username}`, { token });

    expectProblem(
      await api('POST /user', { body: { ...newUser(), username } }),
      422,
      'Username not available',
    );
    expectProblem(await api('POST /user', { body: newUser({ email }) }), 422, 'Email is already registered');
  });
});

describe('a user whom a superuser erases', () => {
  let admin: string;
  beforeAll(async () => {
    admin = await superuser();
  });

  const erase = ({ username }: Pick<Person, 'username'>) =>
    api(`DELETE /db_user/${username}`, { token: admin });

  it('is logged out everywhere, while the superuser stays logged in', async () => {
    const user = await join();

    expectMessage(await erase(user), 'User deleted from the database');

    await expectDead(user);
    for (const path of ['GET /user/me', 'GET /tasks', 'GET /sessions'] as const) {
      expect((await api(path, { token: admin })).status).toBe(200);
    }
  });

  it('leaves nothing behind: posts and tasks go, name and address are free', async () => {
    const user = await join();
    const [postId, taskId] = [await makePost(user), await makeTask(user.token)];

    await erase(user);
    const next = await join({ username: user.username, email: user.email });

    expect(next.id).not.toBe(user.id);
    expect((await api(`GET /${next.username}/posts`)).body).toMatchObject({ data: [], total_count: 0 });
    expectProblem(await api(`GET /${next.username}/post/${postId}`), 404, 'Post not found');
    expectProblem(await api(`GET /tasks/task/${taskId}`, { token: admin }), 404, 'Task not found');
    await expectDead({ ...user, username: next.username });
    expect(await makePost(next)).toBeGreaterThan(postId);
  });

  it('may have left before', async () => {
    const user = await join();
    await makePost(user);
    await api(`DELETE /user/${user.username}`, { token: user.token });

    expectMessage(await erase(user), 'User deleted from the database');

    expectProblem(await erase(user), 404, 'User not found');
    await join({ username: user.username, email: user.email });
  });
});
