import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { createUser, logIn, newUser, type User, type Session, adminToken } from '../../support/users.ts';

const WRONG = 'Wrong username, email or password.';

/** Every service refuses the tokens of the session. */
async function expectEnded({ token, cookie }: Session): Promise<void> {
  for (const path of ['GET /user/me', 'GET /sessions'] as const) expectLoggedOut(await api(path, { token }));
  expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
}

describe('a soft-deleted user', () => {
  it('is logged out of every service and device, and cannot log in', async () => {
    const user = await createUser();
    const otherDevice = await logIn(user);

    expectMessage(await api(`DELETE /user/${user.username}`, { token: user.token }), 'User deleted');

    await expectEnded(user);
    await expectEnded(otherDevice);
    for (const username of [user.username, user.email]) {
      expectProblem(await api('POST /login', { form: { username, password: user.password } }), 401, WRONG);
    }
  });

  it('is not shown, not even from a cache', async () => {
    const { username, token } = await createUser();
    expect((await api(`GET /user/${username}`)).status).toBe(200);

    await api(`DELETE /user/${username}`, { token });

    expectProblem(await api(`GET /user/${username}`), 404, 'User not found');
  });

  it('keeps its username and email address', async () => {
    const { username, email, token } = await createUser();
    await api(`DELETE /user/${username}`, { token });

    expectProblem(
      await api('POST /user', { body: { ...newUser(), username } }),
      422,
      'Username not available',
    );
    expectProblem(await api('POST /user', { body: newUser({ email }) }), 422, 'Email is already registered');
  });
});

describe('a hard-deleted user', () => {
  let admin: string;
  beforeAll(async () => {
    admin = await adminToken();
  });

  const hardDelete = ({ username }: Pick<User, 'username'>) =>
    api(`DELETE /db_user/${username}`, { token: admin });

  it('is logged out of every service, while the superuser stays logged in', async () => {
    const user = await createUser();

    expectMessage(await hardDelete(user), 'User deleted from the database');

    await expectEnded(user);
    for (const path of ['GET /user/me', 'GET /sessions'] as const) {
      expect((await api(path, { token: admin })).status).toBe(200);
    }
  });

  it('frees its username and email address, and its tokens stay invalid', async () => {
    const user = await createUser();

    await hardDelete(user);
    const next = await createUser({ username: user.username, email: user.email });

    expect(next.id).not.toBe(user.id);
    await expectEnded(user);
  });

  it('may have been soft-deleted before', async () => {
    const user = await createUser();
    await api(`DELETE /user/${user.username}`, { token: user.token });

    expectMessage(await hardDelete(user), 'User deleted from the database');

    expectProblem(await hardDelete(user), 404, 'User not found');
    await createUser({ username: user.username, email: user.email });
  });
});
