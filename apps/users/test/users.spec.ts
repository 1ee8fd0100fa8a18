import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventEnvelope } from '@repo/contracts';
import { type Api, type TestApp, testToken } from '@repo/testing';
import {
  LIMITED_ROUTE,
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
const INVALID_TOKEN = { status: 401, detail: 'User not authenticated.' };
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
    it('creates the user without a token, and returns the fields that the owner may read', async () => {
      const body = signUpOf();

      const response = await api('POST /user', { body });

      expect(response.status).toBe(201);
      expect(response.body).toEqual({
        id: expect.any(Number),
        name: body.name,
        username: body.username,
        email: body.email,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(response.headers.get('cache-control')).toBe('no-store');
    });

    it('stores only an argon2id hash of the password', async () => {
      const { id } = await signUp(api);

      const [row] = await app.database.query('SELECT * FROM users.users WHERE id = $1', [id]);

      expect(row).toMatchObject({
        password_hash: expect.stringMatching(/^\$argon2id\$/),
        is_superuser: false,
      });
    });

    it('publishes user.created', async () => {
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

    it('stores and compares email addresses in lower case', async () => {
      const username = unique();
      const response = await api('POST /user', {
        body: { ...signUpOf(username), email: `${username}@Example.COM` },
      });
      const again = await api('POST /user', {
        body: { ...signUpOf(), email: `${username.toUpperCase()}@example.com` },
      });

      expect(response.body.email).toBe(`${username}@example.com`);
      expect(refusal(again)).toEqual(EMAIL_TAKEN);
    });

    it('returns 422 for a taken username', async () => {
      const { username } = await signUp(api);

      const response = await api('POST /user', { body: { ...signUpOf(), username } });

      expect(refusal(response)).toEqual(USERNAME_TAKEN);
    });

    it('reports the email address when the username and the email address are taken', async () => {
      const { username, email } = await signUp(api);

      const response = await api('POST /user', { body: { ...signUpOf(), username, email } });

      expect(refusal(response)).toEqual(EMAIL_TAKEN);
    });

    it('returns 422 for the username and the email address of a soft-deleted user', async () => {
      const { username, email, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api('POST /user', { body: { ...signUpOf(), username } }))).toEqual(USERNAME_TAKEN);
      expect(refusal(await api('POST /user', { body: { ...signUpOf(), email } }))).toEqual(EMAIL_TAKEN);
    });

    it('creates one user and returns 422 seven times for eight simultaneous sign-ups', async () => {
      const body = signUpOf();

      const responses = await Promise.all(Array.from({ length: 8 }, () => api('POST /user', { body })));

      const statuses = responses.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 422, 422, 422, 422, 422, 422, 422]);
      const refused = responses.filter(({ status }) => status === 422).map(({ body }) => body.detail);
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
      ['an invalid email address', { email: 'userson' }, 'email', 'value_error'],
      [
        'an email address with a display name',
        { email: 'User <userson@example.com>' },
        'email',
        'value_error',
      ],
      [
        'an email address of 255 characters',
        { email: `x@${'example.'.repeat(31)}store` },
        'email',
        'string_too_long',
      ],
      ['a password of seven characters', { password: 'x7!kd-9' }, 'password', 'string_too_short'],
      ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password', 'string_too_long'],
      ['one of the most common passwords', { password: 'password123' }, 'password', 'value_error'],
      ['a field that only commands may set', { is_superuser: true }, 'is_superuser', 'extra_forbidden'],
      [
        'a field that sign-up does not accept',
        { profile_image_url: 'https://a.example' },
        'profile_image_url',
        'extra_forbidden',
      ],
    ])('returns 422 for %s', async (_, changes, field, code) => {
      const response = await api('POST /user', { body: { ...signUpOf(), ...changes } });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });

    it('reports every missing field', async () => {
      const response = await api('POST /user', { body: {} });

      expect(fieldErrors(response)).toEqual({
        'body.name': 'missing',
        'body.username': 'missing',
        'body.email': 'missing',
        'body.password': 'missing',
      });
    });

    it('measures the length of names and passwords in code points', async () => {
      const response = await api('POST /user', {
        body: { ...signUpOf(), name: '🦊'.repeat(30), password: '🦊🐻🐼🐨🐯🦁🐮🐷' },
      });

      expect(response.status).toBe(201);
      expect(response.body.name).toBe('🦊'.repeat(30));
    });
  });

  describe('GET /users', () => {
    it('lists live users without a token and without their email addresses', async () => {
      const deletedUser = await signUp(api);
      const liveUser = await signUp(api);
      await api(`DELETE /user/${deletedUser.username}`, { token: deletedUser.token });

      const rows: { id: number }[] = [];
      for (let page = 1, more = true; more; page++) {
        const response = await api(`GET /users?page=${page}&items_per_page=100`);
        expect(response.status).toBe(200);
        rows.push(...response.body.data);
        more = response.body.has_more;
      }

      expect(rows.find(({ id }) => id === liveUser.id)).toEqual({
        id: liveUser.id,
        name: 'User Userson',
        username: liveUser.username,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(rows.map(({ id }) => id)).not.toContain(deletedUser.id);
    });

    it('ignores an invalid token', async () => {
      expect((await api('GET /users', { token: 'nonsense' })).status).toBe(200);
    });
  });

  describe('GET /user/me', () => {
    it('returns the own user with its email address', async () => {
      const { id, username, email, token } = await signUp(api);

      const response = await api('GET /user/me', { token });

      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        id,
        username,
        email,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('etag')).toBeNull();
    });

    it('returns 401 with WWW-Authenticate without a token', async () => {
      const response = await api('GET /user/me');

      expect(refusal(response)).toEqual(NOT_AUTHENTICATED);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    });

    it('returns 401 with WWW-Authenticate for an invalid token', async () => {
      const response = await api('GET /user/me', { token: 'nonsense' });

      expect(refusal(response)).toEqual(INVALID_TOKEN);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    });

    it('returns 401 for the token of a user that does not exist', async () => {
      expect(refusal(await api('GET /user/me', { token: testToken({ id: 1_999_999_999 }) }))).toEqual(
        INVALID_TOKEN,
      );
    });
  });

  describe('GET /user/{username}', () => {
    it('returns the public fields without a token', async () => {
      const { id, username } = await signUp(api);

      const response = await api(`GET /user/${username}`);

      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        id,
        username,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: null,
      });
    });

    it('returns 404 for an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}`))).toEqual(USER_NOT_FOUND);
    });

    it('returns 404 for a soft-deleted user', async () => {
      const { username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
    });

    it('returns 422 for a username with a NUL', async () => {
      expect((await api('GET /user/a%00b')).status).toBe(422);
    });
  });

  describe('PATCH /user/{username}', () => {
    it('changes only the fields that are sent', async () => {
      const { id, username, email, token } = await signUp(api);

      const response = await api(`PATCH /user/${username}`, { token, body: { name: 'Other Name' } });

      expect([response.status, response.body]).toEqual([200, { message: 'User updated' }]);
      const me = await api('GET /user/me', { token });
      expect(me.body).toMatchObject({ id, username, email, name: 'Other Name' });
    });

    it('changes every field in one request', async () => {
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

    it('changes nothing when the body is {}', async () => {
      const { id, username, token } = await signUp(api);

      const response = await api(`PATCH /user/${username}`, { token, body: {} });

      expect([response.status, response.body]).toEqual([200, { message: 'User updated' }]);
      const [row] = await app.database.query('SELECT version FROM users.users WHERE id = $1', [id]);
      expect(row).toEqual({ version: 1 });
    });

    it('accepts the current username and email address of the user', async () => {
      const { username, email, token } = await signUp(api);

      expect((await api(`PATCH /user/${username}`, { token, body: { username, email } })).status).toBe(200);
    });

    it('accepts the token after a rename, and returns 404 for the old username', async () => {
      const { username, token } = await signUp(api);
      const other = unique();

      await api(`PATCH /user/${username}`, { token, body: { username: other } });

      expect((await api('GET /user/me', { token })).body.username).toBe(other);
      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
    });

    it('returns 403 to a renamed user for a new user with the old username', async () => {
      const first = await signUp(api);
      await api(`PATCH /user/${first.username}`, { token: first.token, body: { username: unique() } });
      await signUp(api, { username: first.username });

      const response = await api(`PATCH /user/${first.username}`, {
        token: first.token,
        body: { name: 'Thief' },
      });

      expect(refusal(response)).toEqual(NOT_OWNER);
    });

    it('publishes user.updated with a higher version', async () => {
      const { id, username, token } = await signUp(api);
      const other = unique();

      await api(`PATCH /user/${username}`, { token, body: { username: other } });

      const event = await eventAbout(events, 'user.updated', id);
      expect(event.data).toMatchObject({ id, username: other, version: 2 });
    });

    it('returns 401 without a token', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${username}`, { body: {} }))).toEqual(NOT_AUTHENTICATED);
    });

    it('returns 404 for an unknown user', async () => {
      const { token } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${unique()}`, { token, body: {} }))).toEqual(USER_NOT_FOUND);
    });

    it.each([
      ['another user', () => signUp(api).then(({ token }) => token)],
      ['a superuser', async () => superuser],
    ])('returns 403 to %s', async (_, createToken) => {
      const { username } = await signUp(api);

      expect(
        refusal(
          await api(`PATCH /user/${username}`, { token: await createToken(), body: { name: 'Mallory' } }),
        ),
      ).toEqual(NOT_OWNER);
      expect((await api(`GET /user/${username}`)).body.name).toBe('User Userson');
    });

    it('reports the username when the username and the email address are taken', async () => {
      const other = await signUp(api);
      const { username, token } = await signUp(api);

      const response = await api(`PATCH /user/${username}`, {
        token,
        body: { username: other.username, email: other.email },
      });

      expect(refusal(response)).toEqual(USERNAME_TAKEN);
    });

    it('returns 422 for a taken email address in upper case', async () => {
      const other = await signUp(api);
      const { username, token } = await signUp(api);

      const response = await api(`PATCH /user/${username}`, {
        token,
        body: { email: other.email.toUpperCase() },
      });

      expect(refusal(response)).toEqual(EMAIL_TAKEN);
    });

    it('renames one user and returns 422 seven times for eight simultaneous renames to one username', async () => {
      const users: SignedUp[] = [];
      while (users.length < 8) users.push(await signUp(api));
      const wanted = unique();

      const responses = await Promise.all(
        users.map(({ username, token }) =>
          api(`PATCH /user/${username}`, { token, body: { username: wanted } }),
        ),
      );

      expect(responses.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422, 422, 422]);
      const refused = responses.filter(({ status }) => status === 422).map(({ body }) => body.detail);
      expect(refused).toEqual(Array(7).fill(USERNAME_TAKEN.detail));
    });

    it.each([
      ['an explicit null', { name: null }, 'name', 'string_type'],
      ['a null picture', { profile_image_url: null }, 'profile_image_url', 'string_type'],
      [
        'a picture that is not an HTTP URL',
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
    ])('returns 422 for %s', async (_, body, field, code) => {
      const { username, token } = await signUp(api);

      const response = await api(`PATCH /user/${username}`, { token, body });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('DELETE /user/{username}', () => {
    it('soft-deletes the user: reads return 404, the row stays', async () => {
      const { id, username, token } = await signUp(api);

      const response = await api(`DELETE /user/${username}`, { token });

      expect([response.status, response.body]).toEqual([200, { message: 'User deleted' }]);
      expect(refusal(await api(`GET /user/${username}`))).toEqual(USER_NOT_FOUND);
      const [row] = await app.database.query('SELECT deleted_at FROM users.users WHERE id = $1', [id]);
      expect(row).toEqual({ deleted_at: expect.any(Date) });
    });

    it('revokes every token of the user before it responds', async () => {
      const { id, username, token } = await signUp(api);
      const secondToken = testToken({ id, username });

      await api(`DELETE /user/${username}`, { token });

      expect(refusal(await api('GET /user/me', { token }))).toEqual(INVALID_TOKEN);
      expect(refusal(await api('GET /user/me', { token: secondToken }))).toEqual(INVALID_TOKEN);
    });

    it('publishes user.deleted', async () => {
      const { id, username, token } = await signUp(api);

      await api(`DELETE /user/${username}`, { token });

      const event = await eventAbout(events, 'user.deleted', id);
      expect(event.data).toMatchObject({ id, username, deleted: true, version: 2 });
    });

    it('returns 401 without a token', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${username}`))).toEqual(NOT_AUTHENTICATED);
    });

    it('returns 404 for an unknown user', async () => {
      const { token } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${unique()}`, { token }))).toEqual(USER_NOT_FOUND);
    });

    it('returns 403 to another user and to a superuser', async () => {
      const { username } = await signUp(api);
      const { token } = await signUp(api);

      expect(refusal(await api(`DELETE /user/${username}`, { token }))).toEqual(NOT_OWNER);
      expect(refusal(await api(`DELETE /user/${username}`, { token: superuser }))).toEqual(NOT_OWNER);
      expect((await api(`GET /user/${username}`)).status).toBe(200);
    });
  });

  describe('DELETE /db_user/{username}', () => {
    it('deletes the row, so that a new user may take the username and the email address', async () => {
      const { id, username, email } = await signUp(api);

      const response = await api(`DELETE /db_user/${username}`, { token: superuser });

      expect([response.status, response.body]).toEqual([200, { message: 'User deleted from the database' }]);
      expect(await app.database.query('SELECT id FROM users.users WHERE id = $1', [id])).toEqual([]);
      expect((await api('POST /user', { body: { ...signUpOf(username), email } })).status).toBe(201);
    });

    it('revokes the tokens of the user, and not those of the caller', async () => {
      const { username, token } = await signUp(api);

      await api(`DELETE /db_user/${username}`, { token: superuser });

      expect(refusal(await api('GET /user/me', { token }))).toEqual(INVALID_TOKEN);
      expect(refusal(await api(`DELETE /db_user/${username}`, { token: superuser }))).toEqual(USER_NOT_FOUND);
    });

    it('deletes the row of a soft-deleted user', async () => {
      const { id, username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      const response = await api(`DELETE /db_user/${username}`, { token: superuser });

      expect(response.status).toBe(200);
      expect(await app.database.query('SELECT id FROM users.users WHERE id = $1', [id])).toEqual([]);
    });

    it('publishes user.hard-deleted', async () => {
      const { id, username } = await signUp(api);

      await api(`DELETE /db_user/${username}`, { token: superuser });

      const event = await eventAbout(events, 'user.hard-deleted', id);
      expect(event.data).toMatchObject({ id, username, deleted: true, version: 2 });
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`DELETE /db_user/${username}`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`DELETE /db_user/${username}`, { token }))).toEqual(NO_PRIVILEGES);
      expect((await api(`GET /user/${username}`)).status).toBe(200);
    });

    it('returns 404 for an unknown user', async () => {
      expect(refusal(await api(`DELETE /db_user/${unique()}`, { token: superuser }))).toEqual(USER_NOT_FOUND);
    });
  });

  describe('GET /user/{username}/rate_limits', () => {
    it('returns the user with the rate limits of its tier', async () => {
      const { id, username, email } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);
      const path = unique('api/v1/');
      const limit = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: { path, limit: 3, period: 60 },
      });

      const response = await api(`GET /user/${username}/rate_limits`, { token: superuser });

      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        id,
        name: 'User Userson',
        username,
        email,
        profile_image_url: 'https://profileimageurl.com',
        tier_id: tier.id,
        tier_rate_limits: [limit.body],
      });
      expect(response.headers.get('cache-control')).toBe('no-store');
    });

    it('returns no rate limits for a user without a tier', async () => {
      const { username } = await signUp(api);

      expect(
        (await api(`GET /user/${username}/rate_limits`, { token: superuser })).body.tier_rate_limits,
      ).toEqual([]);
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`GET /user/${username}/rate_limits`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`GET /user/${username}/rate_limits`, { token }))).toEqual(NO_PRIVILEGES);
    });

    it('returns 404 for an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}/rate_limits`, { token: superuser }))).toEqual(
        USER_NOT_FOUND,
      );
    });
  });

  describe('GET /user/{username}/tier', () => {
    it('returns the user with its tier without a token', async () => {
      const { id, username } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);

      const response = await api(`GET /user/${username}/tier`);

      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        id,
        username,
        name: 'User Userson',
        profile_image_url: 'https://profileimageurl.com',
        tier_id: tier.id,
        tier_name: tier.name,
        tier_created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
      });
    });

    it('returns 404 for a user without a tier', async () => {
      const { username } = await signUp(api);

      expect(refusal(await api(`GET /user/${username}/tier`))).toEqual({
        status: 404,
        detail: 'Tier not found',
      });
    });

    it('returns 404 for an unknown user', async () => {
      expect(refusal(await api(`GET /user/${unique()}/tier`))).toEqual(USER_NOT_FOUND);
    });
  });

  describe('PATCH /user/{username}/tier', () => {
    it('assigns the tier and returns the display name', async () => {
      const { username } = await signUp(api, { name: 'Ada L.' });
      const tier = await createTier(api);

      const response = await api(`PATCH /user/${username}/tier`, {
        token: superuser,
        body: { tier_id: tier.id },
      });

      expect([response.status, response.body]).toEqual([200, { message: 'User Ada L. Tier updated' }]);
      expect((await api(`GET /user/${username}`)).body.tier_id).toBe(tier.id);
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { username, token } = await signUp(api);

      expect(refusal(await api(`PATCH /user/${username}/tier`, { body: { tier_id: 1 } }))).toEqual(
        NOT_AUTHENTICATED,
      );
      expect(refusal(await api(`PATCH /user/${username}/tier`, { token, body: { tier_id: 1 } }))).toEqual(
        NO_PRIVILEGES,
      );
    });

    it('returns 404 for an unknown user, and for an unknown tier of an existing user', async () => {
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
    ])('returns 422 for %s', async (_, body, code) => {
      const { username } = await signUp(api);

      const response = await api(`PATCH /user/${username}/tier`, { token: superuser, body });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ 'body.tier_id': code });
    });
  });

  describe('GET /user/me/usage', () => {
    it('returns the default rate limits to a user without a tier', async () => {
      const { token } = await signUp(api);

      const response = await api('GET /user/me/usage', { token });

      expect([response.status, response.body]).toEqual([
        200,
        [{ path: 'api_v1_things_{id}', limit: 10, period: 3600, remaining: 10, reset: 0 }],
      ]);
    });

    it('returns the rate limits of the tier for routes that have one', async () => {
      const { username, token } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);
      const limit = { limit: 3, period: 60 };
      for (const path of [LIMITED_ROUTE, 'api/v1/without/a/limit'])
        await api(`POST /tier/${tier.name}/rate_limit`, {
          token: superuser,
          body: { ...limit, path, name: unique() },
        });

      expect((await api('GET /user/me/usage', { token })).body).toEqual([
        { path: 'api_v1_things_{id}', ...limit, remaining: 3, reset: 0 },
      ]);
    });

    it('returns 401 without a token', async () => {
      expect(refusal(await api('GET /user/me/usage'))).toEqual(NOT_AUTHENTICATED);
    });
  });
});
