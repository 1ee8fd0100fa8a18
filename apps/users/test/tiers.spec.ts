import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, TestApp } from '@repo/testing';
import {
  otherUser,
  assignTier,
  createTier,
  fieldErrors,
  refusal,
  signUp,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

const NOT_AUTHENTICATED = { status: 401, detail: 'Not authenticated' };
const NO_PRIVILEGES = { status: 403, detail: 'You do not have enough privileges.' };
const TIER_NOT_FOUND = { status: 404, detail: 'Tier not found' };
const NAME_TAKEN = { status: 422, detail: 'Tier Name not available' };

describe('tiers', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  describe('POST /tier', () => {
    it('creates a tier when the caller is a superuser', async () => {
      const name = unique('Pro-2_b. ');

      const response = await api('POST /tier', { token: superuser, body: { name } });

      expect(response.status).toBe(201);
      expect(response.body).toEqual({
        id: expect.any(Number),
        name,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    });

    it('returns 422 for a taken name', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api('POST /tier', { token: superuser, body: { name } }))).toEqual(NAME_TAKEN);
    });

    it('creates one tier and returns 422 seven times for eight simultaneous requests', async () => {
      const body = { name: unique() };

      const responses = await Promise.all(
        Array.from({ length: 8 }, () => api('POST /tier', { token: superuser, body })),
      );

      expect(responses.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422, 422, 422, 422]);
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      expect(refusal(await api('POST /tier', { body: { name: unique() } }))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api('POST /tier', { token: otherUser, body: { name: unique() } }))).toEqual(
        NO_PRIVILEGES,
      );
    });

    it.each([
      ['no name', {}, 'name', 'missing'],
      ['an empty name', { name: '' }, 'name', 'string_too_short'],
      ['a name of 51 characters', { name: 'x'.repeat(51) }, 'name', 'string_too_long'],
      ['a name with a slash', { name: 'a/b' }, 'name', 'string_pattern_mismatch'],
      ['a name with a letter that is not ASCII', { name: 'größe' }, 'name', 'string_pattern_mismatch'],
      ['a number', { name: 5 }, 'name', 'string_type'],
      ['an extra field', { name: 'fine', id: 1 }, 'id', 'extra_forbidden'],
    ])('returns 422 for %s', async (_, body, field, code) => {
      const response = await api('POST /tier', { token: superuser, body });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('GET /tiers', () => {
    it('lists all tiers without a token, in the order of their ids', async () => {
      const tiers = [await createTier(api), await createTier(api)];

      const response = await api('GET /tiers?items_per_page=100');

      expect(response.status).toBe(200);
      const ids = response.body.data.map(({ id }: { id: number }) => id);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(response.body.data).toEqual(expect.arrayContaining(tiers));
    });
  });

  describe('GET /tier/{name}', () => {
    it('returns the tier without a token', async () => {
      const tier = await createTier(api);

      const response = await api(`GET /tier/${tier.name}`);

      expect([response.status, response.body]).toEqual([200, tier]);
    });

    it('returns 404 for an unknown tier', async () => {
      expect(refusal(await api(`GET /tier/${unique()}`))).toEqual(TIER_NOT_FOUND);
    });
  });

  describe('PATCH /tier/{name}', () => {
    it('renames a tier', async () => {
      const tier = await createTier(api);
      const name = unique();

      const response = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: { name } });

      expect([response.status, response.body]).toEqual([200, { message: 'Tier updated' }]);
      expect((await api(`GET /tier/${name}`)).body.id).toBe(tier.id);
      expect(refusal(await api(`GET /tier/${tier.name}`))).toEqual(TIER_NOT_FOUND);
    });

    it('changes nothing when the body is {}', async () => {
      const tier = await createTier(api);

      const response = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: {} });

      expect([response.status, response.body]).toEqual([200, { message: 'Tier updated' }]);
      expect((await api(`GET /tier/${tier.name}`)).body).toEqual(tier);
    });

    it('returns 422 for the name of another tier', async () => {
      const tier = await createTier(api);
      const other = await createTier(api);

      const response = await api(`PATCH /tier/${tier.name}`, {
        token: superuser,
        body: { name: other.name },
      });

      expect(refusal(response)).toEqual(NAME_TAKEN);
    });

    it('returns 422 when the name is null', async () => {
      const tier = await createTier(api);

      const response = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: { name: null } });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ 'body.name': 'string_type' });
    });

    it('returns 404 for an unknown tier', async () => {
      expect(refusal(await api(`PATCH /tier/${unique()}`, { token: superuser, body: {} }))).toEqual(
        TIER_NOT_FOUND,
      );
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api(`PATCH /tier/${name}`, { body: {} }))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`PATCH /tier/${name}`, { token: otherUser, body: {} }))).toEqual(
        NO_PRIVILEGES,
      );
    });
  });

  describe('DELETE /tier/{name}', () => {
    it('deletes the tier with its rate limits', async () => {
      const tier = await createTier(api);
      const body = { path: unique(), limit: 1, period: 1 };
      await api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body });

      const response = await api(`DELETE /tier/${tier.name}`, { token: superuser });

      expect([response.status, response.body]).toEqual([200, { message: 'Tier deleted' }]);
      expect(refusal(await api(`GET /tier/${tier.name}`))).toEqual(TIER_NOT_FOUND);
      expect(
        await app.database.query('SELECT id FROM users.rate_limits WHERE tier_id = $1', [tier.id]),
      ).toEqual([]);
    });

    it('returns 409 while a live or a soft-deleted user has the tier', async () => {
      const tier = await createTier(api);
      const { username, token } = await signUp(api);
      await assignTier(api, username, tier.id);

      const inUse = { status: 409, detail: 'Tier is in use' };
      expect(refusal(await api(`DELETE /tier/${tier.name}`, { token: superuser }))).toEqual(inUse);
      await api(`DELETE /user/${username}`, { token });
      expect(refusal(await api(`DELETE /tier/${tier.name}`, { token: superuser }))).toEqual(inUse);
      expect((await api(`GET /tier/${tier.name}`)).status).toBe(200);
    });

    it('returns 404 for an unknown tier', async () => {
      expect(refusal(await api(`DELETE /tier/${unique()}`, { token: superuser }))).toEqual(TIER_NOT_FOUND);
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api(`DELETE /tier/${name}`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`DELETE /tier/${name}`, { token: otherUser }))).toEqual(NO_PRIVILEGES);
      expect((await api(`GET /tier/${name}`)).status).toBe(200);
    });
  });
});
