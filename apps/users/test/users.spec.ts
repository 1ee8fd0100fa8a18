import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventEnvelope, LIMITED_ROUTES } from '@repo/contracts';
import { type Api, type TestApp, testToken } from '@repo/testing';
import {
  assignTier,
  createTier,
  eventAbout,
  fieldErrors,
  recordEvents,
  refusal,
  signUp,
  signUpOf,
  startUsersApp,
  superuser,
  unique,
  type SignedUp,
} from './users-app.js';

const NOT_AUTHENTICATED = { status: 401, detail: 'Not authenticated' };
const DEAD_TOKEN = { status: 401, detail: 'User not authenticated.' };
const NO_PRIVILEGES = { status: 403, detail: 'You do not have enough privileges.' };
const NOT_OWNER = { status: 403, detail: 'Request forbidden -- authorization will not help' };
const USER_NOT_FOUND = { status: 404, detail: 'User not found' };
const USERNAME_TAKEN = { status: 422, detail: 'Username not available' };
const EMAIL_TAKEN = { status: 422, detail: 'Email is already registered' };

describe('users', () => {
  let app: TestApp;
  let api: Api;
  let events: EventEnvelope[];

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
    events = recordEvents(app);
  });
  afterAll(() => app.close());

  describe('POST /user', () => {
    it('signs up whoever asks, and answers with what the owner may see', async () => {
      const body = signUpOf();

      const answer = await api('POST /user', { body });

      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: expect.any(Number),
        name: body.name,
        username: body.username,
        email: body.email,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('keeps the password as an argon2id hash alone', async () => {
      const { id } = await signUp(api);

      const [row] = await app.database.query('SELECT * FROM users.users WHERE id = $1', [id]);

      expect(row).toMatchObject({
        password_hash: expect.stringMatching(/^\$argon2id\$/),
        is_superuser: false,
      });
    });

    it('tells the other services', async () => {
      const { id, username } = await signUp(api);

      const event = await eventAbout(events, 'user.created', id);

      expect(event.data).toEqual({
        id,
        username,
        isSuperuser: false,
        tierId: null,
        deleted: false,
        version: 1,
      });
    });

    it('stores and compares addresses in lower case', async () => {
      const username = unique();
      const answer = await api('POST /user', {
        body: { ...signUpOf(username), email: `${username}@Example.COM` },
      });
      const again = await api('POST /user', {
        body: { ...signUpOf(), email: `${username.toUpperCase()}@example.com` },
      });

      expect(answer.body.email).toBe(`${username}@example.com`);
      expect(refusal(again)).toEqual(EMAIL_TAKEN);
    });

    it('refuses a taken name', async () => {
      const { username } = await signUp(api);

      const answer = await api('POST /user', { body: { ...signUpOf(), username } });

      expect(refusal(answer)).toEqual(USERNAME_TAKEN);
    });

    it('names the address first when both are taken', async () => {
      const { username, email } = await signUp(api);

      const answer = await api('POST /user', { body: { ...signUpOf(), username, email } });

      expect(refusal(answer)).toEqual(EMAIL_TAKEN);
    });

    it('counts the name and the address of a soft-deleted user as taken', async () => {
      const { username, email, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api('POST /user', { body: { ...signUpOf(), username } }))).toEqual(USERNAME_TAKEN);
      expect(refusal(await api('POST /user', { body: { ...signUpOf(), email } }))).toEqual(EMAIL_TAKEN);
    });

    it('lets one of eight simultaneous sign-ups through, and refuses seven', async () => {
      const body = signUpOf();

      const answers = await Promise.all(Array.from({ length: 8 }, () => api('POST /user', { body })));

      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 422, 422, 422, 422, 422, 422, 422]);
      const refused = answers.filter(({ status }) => status === 422).map(({ body }) => body.detail);
      expect(refused).toEqual(Array(7).fill(EMAIL_TAKEN.detail));
    });

    it.each([
      ['a name of one character', { name: 'x' }, 'name', 'string_too_short'],
      ['a name of 31 characters', { name: 'x'.repeat(31) }, 'name', 'string_too_long'],
      ['a name of spaces', { name: '   ' }, 'name', 'string_pattern_mismatch'],
      ['a name that is a number', { name: 12 }, 'name', 'string_type'],
      ['a name that is null', { name: null }, 'name', 'string_type'],
      ['a name with a NUL', { name: 'a\0b' }, 'name', 'value_error'],
      ['a username of one character', { username: 'x' }, 'username', 'string_too_short'],
      ['a username of 21 characters', { username: 'x'.repeat(21) }, 'username', 'string_too_long'],
      ['a username with capitals', { username: 'Userson' }, 'username', 'string_pattern_mismatch'],
      ['a username with a line feed', { username: 'userson\n' }, 'username', 'string_pattern_mismatch'],
      ['a reserved username', { username: 'admin' }, 'username', 'value_error'],
      ['a username that is a route', { username: 'tiers' }, 'username', 'value_error'],
      ['an address that is none', { email: 'userson' }, 'email', 'value_error'],
      ['an address with a display name', { email: 'User <userson@example.com>' }, 'email', 'value_error'],
      ['an address of 51 characters', { email: `${'x'.repeat(39)}@example.com` }, 'email', 'string_too_long'],
      ['a password of seven characters', { password: 'x7!kd-9' }, 'password', 'string_too_short'],
      ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password', 'string_too_long'],
      ['one of the most common passwords', { password: 'password123' }, 'password', 'value_error'],
      ['a field that is not its own to set', { is_superuser: true }, 'is_superuser', 'extra_forbidden'],
      [
        'a field that it has no name for',
        { profile_image_url: 'https://a.example' },
        'profile_image_url',
        'extra_forbidden',
      ],
    ])('refuses %s', async (_, changes, field, code) => {
      const answer = await api('POST /user', { body: { ...signUpOf(), ...changes } });

      expect(answer.status).toBe(422);
      expect(fieldErrors(answer)).toEqual({ [`body.${field}`]: code });
    });

    it('names every missing field', async () => {
      const answer = await api('POST /user', { body: {} });

      expect(fieldErrors(answer)).toEqual({
        'body.name': 'missing',
        'body.username': 'missing',
        'body.email': 'missing',
        'body.password': 'missing',
      });
    });

    it('measures names and passwords in code points', async () => {
      const answer = await api('POST /user', {
        body: { ...signUpOf(), name: '🦊'.repeat(30), password: '🦊🐻🐼🐨🐯🦁🐮🐷' },
      });

      expect(answer.status).toBe(201);
      expect(answer.body.name).toBe('🦊'.repeat(30));
    });
  });

  describe('GET /users', () => {
    it('shows live users to anyone, without their addresses', async () => {
      const gone = await signUp(api);
      const there = await signUp(api);
      await api(`DELETE /user/${gone.username}`, { token: gone.token });

      const rows: { id: number }[] = [];
      for (let page = 1, more = true; more; page++) {
        const answer = await api(`GET /users?page=${page}&items_per_page=100`);
        expect(answer.status).toBe(200);
        rows.push(...answer.body.data);
        more = answer.body.has_more;
      }

      expect(rows.find(({ id }) => id === there.id)).toEqual({
        id: there.id,
        name: 'User Userson',
        username: there.username,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(rows.map(({ id }) => id)).not.toContain(gone.id);
    });

    it('does not look at a token, even a bad one', async () => {
      expect((await api('GET /users', { token: 'nonsense' })).status).toBe(200);
    });
  });

  describe('GET /user/me', () => {
    it('shows the caller everything of its own', async () => {
      const { id, username, email, token } = await signUp(api);

      const answer = await api('GET /user/me', { token });

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id,
        username,
        email,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
    });

    it('asks for a token, and says which kind', async () => {
      const answer = await api('GET /user/me');

      expect(refusal(answer)).toEqual(NOT_AUTHENTICATED);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    });

    it('refuses a bad token', async () => {
      const answer = await api('GET /user/me', { token: 'nonsense' });

      expect(refusal(answer)).toEqual(DEAD_TOKEN);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    });

    it('refuses the token of a user that is not there', async () => {
      expect(refusal(await api('GET /user/me', { token: testToken({ id: 1_999_999_999 }) }))).toEqual(
        DEAD_TOKEN,
      );
    });
  });

  describe('GET /user/{username}', () => {
    it('shows anyone what is public', async () => {
      const { id, username } = await signUp(api);

      const answer = await api(`GET /user/${username}`);

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id,
        username,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
    });

    it('does not find an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}`))).toEqual(USER_NOT_FOUND);
    });

    it('does not find a soft-deleted user', async () => {
      const { username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
    });

    it('refuses a NUL in the name', async () => {
      expect((await api('GET /user/a%00b')).status).toBe(422);
    });
  });

  describe('PATCH /user/{username}', () => {
    it('changes what was sent, and nothing else', async () => {
      const { id, username, email, token } = await signUp(api);

      const answer = await api(`PATCH /user/${username}`, { token, body: { name: 'Other Name' } });

      expect([answer.status, answer.body]).toEqual([200, { message: 'User updated' }]);
      const me = await api('GET /user/me', { token });
      expect(me.body).toMatchObject({ id, username, email, name: 'Other Name' });
    });

    it('changes everything at once', async () => {
      const { token, username } = await signUp(api);
      const other = unique();
      const body = {
        name: 'Next',
        username: other,
        email: `${other}@Next.example`,
        profile_image_url: 'https://a.example/b.png',
      };

      await api(`PATCH /user/${username}`, { token, body });

      expect((await api('GET /user/me', { token })).body).toMatchObject({
        ...body,
        email: `${other}@next.example`,
      });
    });

    it('changes nothing for {}', async () => {
      const { id, username, token } = await signUp(api);

      const answer = await api(`PATCH /user/${username}`, { token, body: {} });

      expect([answer.status, answer.body]).toEqual([200, { message: 'User updated' }]);
      const [row] = await app.database.query('SELECT version FROM users.users WHERE id = $1', [id]);
      expect(row).toEqual({ version: 1 });
    });

    it('accepts the name and the address that the user has', async () => {
      const { username, email, token } = await signUp(api);

      expect((await api(`PATCH /user/${username}`, { token, body: { username, email } })).status).toBe(200);
    });

    it('keeps the session over a rename, and frees the old name', async () => {
      const { username, token } = await signUp(api);
      const other = unique();

      await api(`PATCH /user/${username}`, { token, body: { username: other } });

      expect((await api('GET /user/me', { token })).body.username).toBe(other);
      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
    });

    it('does not let a token act for the next holder of its old name', async () => {
      const first = await signUp(api);
      await api(`PATCH /user/${first.username}`, { token: first.token, body: { username: unique() } });
      await signUp(api, { username: first.username });

      const answer = await api(`PATCH /user/${first.username}`, {
        token: first.token,
        body: { name: 'Thief' },
      });

      expect(refusal(answer)).toEqual(NOT_OWNER);
    });

    it('tells the other services, with a higher version', async () => {
      const { id, username, token } = await signUp(api);
      const other = unique();

      await api(`PATCH /user/${username}`, { token, body: { username: other } });

      const event = await eventAbout(events, 'user.updated', id);
      expect(event.data).toMatchObject({ id, username: other, version: 2 });
    });

    it('asks for a token', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${username}`, { body: {} }))).toEqual(NOT_AUTHENTICATED);
    });

    it('does not find an unknown user', async () => {
      const { token } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${unique()}`, { token, body: {} }))).toEqual(USER_NOT_FOUND);
    });

    it.each([
      ['another user', () => signUp(api).then(({ token }) => token)],
      ['a superuser', async () => superuser],
    ])('refuses %s', async (_, who) => {
      const { username } = await signUp(api);

      expect(
        refusal(await api(`PATCH /user/${username}`, { token: await who(), body: { name: 'Mallory' } })),
      ).toEqual(NOT_OWNER);
      expect((await api(`GET /user/${username}`)).body.name).toBe('User Userson');
    });

    it('names the username first when both are taken', async () => {
      const other = await signUp(api);
      const { username, token } = await signUp(api);

      const answer = await api(`PATCH /user/${username}`, {
        token,
        body: { username: other.username, email: other.email },
      });

      expect(refusal(answer)).toEqual(USERNAME_TAKEN);
    });

    it('refuses an address that is taken, in whatever case', async () => {
      const other = await signUp(api);
      const { username, token } = await signUp(api);

      const answer = await api(`PATCH /user/${username}`, {
        token,
        body: { email: other.email.toUpperCase() },
      });

      expect(refusal(answer)).toEqual(EMAIL_TAKEN);
    });

    it('lets one of eight renames to the same name through', async () => {
      const users: SignedUp[] = [];
      while (users.length < 8) users.push(await signUp(api));
      const wanted = unique();

      const answers = await Promise.all(
        users.map(({ username, token }) =>
          api(`PATCH /user/${username}`, { token, body: { username: wanted } }),
        ),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422, 422, 422]);
      const refused = answers.filter(({ status }) => status === 422).map(({ body }) => body.detail);
      expect(refused).toEqual(Array(7).fill(USERNAME_TAKEN.detail));
    });

    it.each([
      ['an explicit null', { name: null }, 'name', 'string_type'],
      ['a null picture', { profile_image_url: null }, 'profile_image_url', 'string_type'],
      [
        'a picture that is no link',
        { profile_image_url: 'javascript:alert(1)' },
        'profile_image_url',
        'value_error',
      ],
      [
        'a picture that is too long',
        { profile_image_url: `https://a.example/${'x'.repeat(2_040)}` },
        'profile_image_url',
        'string_too_long',
      ],
      ['a reserved username', { username: 'me' }, 'username', 'value_error'],
      ['a password', { password: 'another-password' }, 'password', 'extra_forbidden'],
      ['a tier', { tier_id: 1 }, 'tier_id', 'extra_forbidden'],
    ])('refuses %s', async (_, body, field, code) => {
      const { username, token } = await signUp(api);

      const answer = await api(`PATCH /user/${username}`, { token, body });

      expect(answer.status).toBe(422);
      expect(fieldErrors(answer)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('DELETE /user/{username}', () => {
    it('deletes softly: nobody finds the user, its row stays', async () => {
      const { id, username, token } = await signUp(api);

      const answer = await api(`DELETE /user/${username}`, { token });

      expect([answer.status, answer.body]).toEqual([200, { message: 'User deleted' }]);
      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
      const [row] = await app.database.query('SELECT deleted_at FROM users.users WHERE id = $1', [id]);
      expect(row).toEqual({ deleted_at: expect.any(Date) });
    });

    it('kills every token of the user before the answer is out', async () => {
      const { id, username, token } = await signUp(api);
      const elsewhere = testToken({ id, username });

      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api('GET /user/me', { token }))).toEqual(DEAD_TOKEN);
      expect(refusal(await api('GET /user/me', { token: elsewhere }))).toEqual(DEAD_TOKEN);
    });

    it('tells the other services', async () => {
      const { id, username, token } = await signUp(api);

      await api(`DELETE /user/${username}`, { token });

      const event = await eventAbout(events, 'user.deleted', id);
      expect(event.data).toMatchObject({ id, username, deleted: true, version: 2 });
    });

    it('asks for a token', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${username}`))).toEqual(NOT_AUTHENTICATED);
    });

    it('does not find an unknown user', async () => {
      const { token } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${unique()}`, { token }))).toEqual(USER_NOT_FOUND);
    });

    it('refuses whoever is not the user, superusers too', async () => {
      const { username } = await signUp(api);
      const { token } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${username}`, { token }))).toEqual(NOT_OWNER);
      expect(refusal(await api(`DELETE /user/${username}`, { token: superuser }))).toEqual(NOT_OWNER);
      expect((await api(`GET /user/${username}`)).status).toBe(200);
    });
  });

  describe('DELETE /db_user/{username}', () => {
    it('deletes the row, and frees name and address', async () => {
      const { id, username, email } = await signUp(api);

      const answer = await api(`DELETE /db_user/${username}`, { token: superuser });

      expect([answer.status, answer.body]).toEqual([200, { message: 'User deleted from the database' }]);
      expect(await app.database.query('SELECT id FROM users.users WHERE id = $1', [id])).toEqual([]);
      expect((await api('POST /user', { body: { ...signUpOf(username), email } })).status).toBe(201);
    });

    it('kills the tokens of the user, and leaves the caller logged in', async () => {
      const { username, token } = await signUp(api);

      await api(`DELETE /db_user/${username}`, { token: superuser });

      expect(refusal(await api('GET /user/me', { token }))).toEqual(DEAD_TOKEN);
      expect(refusal(await api(`DELETE /db_user/${username}`, { token: superuser }))).toEqual(USER_NOT_FOUND);
    });

    it('deletes a soft-deleted user too', async () => {
      const { id, username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      const answer = await api(`DELETE /db_user/${username}`, { token: superuser });

      expect(answer.status).toBe(200);
      expect(await app.database.query('SELECT id FROM users.users WHERE id = $1', [id])).toEqual([]);
    });

    it('tells the other services', async () => {
      const { id, username } = await signUp(api);

      await api(`DELETE /db_user/${username}`, { token: superuser });

      const event = await eventAbout(events, 'user.hard-deleted', id);
      expect(event.data).toMatchObject({ id, username, deleted: true, version: 2 });
    });

    it('is for superusers alone', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`DELETE /db_user/${username}`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`DELETE /db_user/${username}`, { token }))).toEqual(NO_PRIVILEGES);
      expect((await api(`GET /user/${username}`)).status).toBe(200);
    });

    it('does not find an unknown user', async () => {
      expect(refusal(await api(`DELETE /db_user/${unique()}`, { token: superuser }))).toEqual(USER_NOT_FOUND);
    });
  });

  describe('GET /user/{username}/rate_limits', () => {
    it('shows the user with the limits of its tier', async () => {
      const { id, username, email } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);
      const path = unique('api/v1/');
      const limit = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: { path, limit: 3, period: 60 },
      });

      const answer = await api(`GET /user/${username}/rate_limits`, { token: superuser });

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id,
        name: 'User Userson',
        username,
        email,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: tier.id,
        tier_rate_limits: [limit.body],
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('has no limits without a tier', async () => {
      const { username } = await signUp(api);

      expect(
        (await api(`GET /user/${username}/rate_limits`, { token: superuser })).body.tier_rate_limits,
      ).toEqual([]);
    });

    it('is for superusers alone', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`GET /user/${username}/rate_limits`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`GET /user/${username}/rate_limits`, { token }))).toEqual(NO_PRIVILEGES);
    });

    it('does not find an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}/rate_limits`, { token: superuser }))).toEqual(
        USER_NOT_FOUND,
      );
    });
  });

  describe('GET /user/{username}/tier', () => {
    it('shows anyone the user with its tier', async () => {
      const { id, username } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);

      const answer = await api(`GET /user/${username}/tier`);

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id,
        username,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: tier.id,
        tier_name: tier.name,
        tier_created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
      });
    });

    it('does not find the tier of a user without one', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`GET /user/${username}/tier`))).toEqual({
        status: 404,
        detail: 'Tier not found',
      });
    });

    it('does not find an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}/tier`))).toEqual(USER_NOT_FOUND);
    });
  });

  describe('PATCH /user/{username}/tier', () => {
    it('gives the user the tier, and answers with its display name', async () => {
      const { id, username } = await signUp(api, { name: 'Ada L.' });
      const tier = await createTier(api);

      const answer = await api(`PATCH /user/${username}/tier`, {
        token: superuser,
        body: { tier_id: tier.id },
      });

      expect([answer.status, answer.body]).toEqual([200, { message: 'User Ada L. Tier updated' }]);
      expect((await api(`GET /user/${username}`)).body.tier_id).toBe(tier.id);
      const event = await eventAbout(events, 'tier.assigned', id);
      expect(event.data).toEqual({ userId: id, tierId: tier.id });
    });

    it('is for superusers alone', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${username}/tier`, { body: { tier_id: 1 } }))).toEqual(
        NOT_AUTHENTICATED,
      );
      expect(refusal(await api(`PATCH /user/${username}/tier`, { token, body: { tier_id: 1 } }))).toEqual(
        NO_PRIVILEGES,
      );
    });

    it('looks for the user first, then for the tier', async () => {
      const { username } = await signUp(api);
      const request = { token: superuser, body: { tier_id: 2_147_483_647 } };

      expect(refusal(await api(`PATCH /user/${unique()}/tier`, request))).toEqual(USER_NOT_FOUND);
      expect(refusal(await api(`PATCH /user/${username}/tier`, request))).toEqual({
        status: 404,
        detail: 'Tier not found',
      });
    });

    it.each([
      ['no tier', {}, 'missing'],
      ['a null tier', { tier_id: null }, 'int_type'],
      ['digits in a string', { tier_id: '1' }, 'int_type'],
      ['a fraction', { tier_id: 1.5 }, 'int_from_float'],
      ['a number beyond int4', { tier_id: 2_147_483_648 }, 'less_than_equal'],
    ])('refuses %s', async (_, body, code) => {
      const { username } = await signUp(api);

      const answer = await api(`PATCH /user/${username}/tier`, { token: superuser, body });

      expect(answer.status).toBe(422);
      expect(fieldErrors(answer)).toEqual({ 'body.tier_id': code });
    });
  });

  describe('GET /user/me/usage', () => {
    it('shows the default limits to a user without a tier', async () => {
      const { token } = await signUp(api);

      const answer = await api('GET /user/me/usage', { token });

      expect([answer.status, answer.body]).toEqual([
        200,
        LIMITED_ROUTES.map((route) => {
          const path = route.replaceAll('/', '_');
          return { path, limit: 10, period: 3600, remaining: 10, reset: 0 };
        }),
      ]);
    });

    it('shows the limits of the tier', async () => {
      const { username, token } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);
      const body = { path: '/api/v1/tasks/task/', limit: 3, period: 60, name: unique() };
      await api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body });

      expect((await api('GET /user/me/usage', { token })).body).toEqual([
        { path: 'api_v1_tasks_task', limit: 3, period: 60, remaining: 3, reset: 0 },
      ]);
    });

    it('asks for a token', async () => {
      expect(refusal(await api('GET /user/me/usage'))).toEqual(NOT_AUTHENTICATED);
    });
  });
});
