import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, logIn, newUser, type Person, type Session, superuser } from '../../support/people.js';

const WRONG = 'Wrong username, email or password.';

/** Every service refuses what the session was good for. */
async function expectDead({ token, cookie }: Session): Promise<void> {
  for (const path of ['GET /user/me', 'GET /sessions'] as const) expectLoggedOut(await api(path, { token }));
  expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
}

describe('a user who has left', () => {
  it('is logged out everywhere, on every device, and cannot come back', async () => {
    const user = await join();
    const otherDevice = await logIn(user);

    expectMessage(await api(`DELETE /user/${user.username}`, { token: user.token }), 'User deleted');

    await expectDead(user);
    await expectDead(otherDevice);
    for (const username of [user.username, user.email]) {
      expectProblem(await api('POST /login', { form: { username, password: user.password } }), 401, WRONG);
    }
  });

  it('is not shown any more, not even from a cache', async () => {
    const { username, token } = await join();
    expect((await api(`GET /user/${username}`)).status).toBe(200);

    await api(`DELETE /user/${username}`, { token });

    expectProblem(await api(`GET /user/${username}`), 404, 'User not found');
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
    for (const path of ['GET /user/me', 'GET /sessions'] as const) {
      expect((await api(path, { token: admin })).status).toBe(200);
    }
  });

  it('leaves name and address free, and no way in for who had them', async () => {
    const user = await join();

    await erase(user);
    const next = await join({ username: user.username, email: user.email });

    expect(next.id).not.toBe(user.id);
    await expectDead(user);
  });

  it('may have left before', async () => {
    const user = await join();
    await api(`DELETE /user/${user.username}`, { token: user.token });

    expectMessage(await erase(user), 'User deleted from the database');

    expectProblem(await erase(user), 404, 'User not found');
    await join({ username: user.username, email: user.email });
  });
});
