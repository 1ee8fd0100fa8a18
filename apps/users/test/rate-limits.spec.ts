import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, TestApp } from '@repo/testing';
import {
  otherUser,
  createTier,
  fieldErrors,
  refusal,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

const NOT_AUTHENTICATED = { status: 401, detail: 'Not authenticated' };
const NO_PRIVILEGES = { status: 403, detail: 'You do not have enough privileges.' };
const TIER_NOT_FOUND = { status: 404, detail: 'Tier not found' };
const LIMIT_NOT_FOUND = { status: 404, detail: 'Rate Limit not found' };
const NAME_TAKEN = { status: 422, detail: 'Rate Limit Name not available' };
const NAME_OF_ANOTHER = { status: 422, detail: 'There is already a rate limit with this name' };
const PATH_TAKEN = { status: 422, detail: 'There is already a rate limit for this path' };

const NOT_LIMITED = {
  status: 422,
  body: {
    errors: [
      {
        loc: ['body', 'path'],
        type: 'value_error',
        msg: expect.stringContaining('These are: api/v1/things/{id}'),
      },
    ],
  },
};

const limitOf = (changes: object = {}) => ({ path: unique('api/v1/'), limit: 5, period: 60, ...changes });

describe('rate limits', () => {
  let app: TestApp;
  let api: Api;
  const createLimit = async (tierName: string, changes: object = {}) =>
    (await api(`POST /tier/${tierName}/rate_limit`, { token: superuser, body: limitOf(changes) })).body;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  describe('POST /tier/{tier_name}/rate_limit', () => {
    it('normalizes the path, and builds the name from the path, the limit and the period', async () => {
      const tier = await createTier(api);
      const path = unique();

      const response = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: { path: `/api/v1/${path}/{username}/`, limit: 5, period: 60 },
      });

      expect(response.status).toBe(201);
      expect(response.body).toEqual({
        id: expect.any(Number),
        tier_id: tier.id,
        path: `api_v1_${path}_{username}`,
        limit: 5,
        period: 60,
        name: `api_v1_${path}_{username}:5:60`,
      });
    });

    it('stores the given name, and builds one when the name is null', async () => {
      const tier = await createTier(api);
      const name = unique();

      expect((await createLimit(tier.name, { name })).name).toBe(name);
      expect((await createLimit(tier.name, { name: null })).name).toMatch(/^api_v1_.*:5:60$/);
    });

    it('returns 422 for a name that a rate limit of another tier has', async () => {
      const { name } = await createLimit((await createTier(api)).name, { name: unique() });
      const tier = await createTier(api);

      const response = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: limitOf({ name }),
      });

      expect(refusal(response)).toEqual(NAME_TAKEN);
    });

    it('returns 422 for a path that has a rate limit in the tier', async () => {
      const tier = await createTier(api);
      const { path } = await createLimit(tier.name);

      const response = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: limitOf({ path, limit: 6 }),
      });

      expect(refusal(response)).toEqual(PATH_TAKEN);
    });

    it('returns 422 with the limited routes for a path that is none', async () => {
      const tier = await createTier(api);

      const response = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: limitOf({ path: 'api/v1/unlimited' }),
      });

      expect(response).toMatchObject(NOT_LIMITED);
    });

    it('reports the name when the name and the path are taken', async () => {
      const tier = await createTier(api);
      const { path, name } = await createLimit(tier.name);

      const response = await api(`POST /tier/${tier.name}/rate_limit`, {
        token: superuser,
        body: limitOf({ path, name }),
      });

      expect(refusal(response)).toEqual(NAME_TAKEN);
    });

    it('creates a rate limit for a path that has one in another tier', async () => {
      const { path } = await createLimit((await createTier(api)).name);
      const other = await createTier(api);

      const response = await api(`POST /tier/${other.name}/rate_limit`, {
        token: superuser,
        body: limitOf({ path, name: unique() }),
      });

      expect(response.status).toBe(201);
    });

    it('creates one rate limit and returns 422 seven times for eight simultaneous requests', async () => {
      const tier = await createTier(api);
      const body = limitOf();

      const responses = await Promise.all(
        Array.from({ length: 8 }, () =>
          api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body }),
        ),
      );

      expect(responses.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422, 422, 422, 422]);
    });

    it('returns 404 for an unknown tier', async () => {
      const response = await api(`POST /tier/${unique()}/rate_limit`, { token: superuser, body: limitOf() });

      expect(refusal(response)).toEqual(TIER_NOT_FOUND);
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api(`POST /tier/${name}/rate_limit`, { body: limitOf() }))).toEqual(
        NOT_AUTHENTICATED,
      );
      expect(
        refusal(await api(`POST /tier/${name}/rate_limit`, { token: otherUser, body: limitOf() })),
      ).toEqual(NO_PRIVILEGES);
    });

    it.each([
      ['no path', { path: undefined }, 'path', 'missing'],
      ['a path of slashes', { path: '//' }, 'path', 'string_too_short'],
      ['no limit', { limit: undefined }, 'limit', 'missing'],
      ['a limit of 0', { limit: 0 }, 'limit', 'greater_than_equal'],
      ['a limit beyond int4', { limit: 2_147_483_648 }, 'limit', 'less_than_equal'],
      ['a limit in a string', { limit: '5' }, 'limit', 'int_type'],
      ['a period of 0.5', { period: 0.5 }, 'period', 'int_from_float'],
      ['a negative period', { period: -1 }, 'period', 'greater_than_equal'],
      ['a name that is a number', { name: 1 }, 'name', 'string_type'],
      ['a tier', { tier_id: 1 }, 'tier_id', 'extra_forbidden'],
    ])('returns 422 for %s', async (_, changes, field, code) => {
      const { name } = await createTier(api);

      const response = await api(`POST /tier/${name}/rate_limit`, {
        token: superuser,
        body: limitOf(changes),
      });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('GET /tier/{tier_name}/rate_limits', () => {
    it('lists only the rate limits of the tier, without a token', async () => {
      const tier = await createTier(api);
      const limits = [await createLimit(tier.name), await createLimit(tier.name)];
      await createLimit((await createTier(api)).name);

      const response = await api(`GET /tier/${tier.name}/rate_limits`);

      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        data: limits,
        total_count: 2,
        has_more: false,
        page: 1,
        items_per_page: 10,
      });
    });

    it('returns 404 for an unknown tier', async () => {
      expect(refusal(await api(`GET /tier/${unique()}/rate_limits`))).toEqual(TIER_NOT_FOUND);
    });
  });

  describe('GET /tier/{tier_name}/rate_limit/{id}', () => {
    it('returns the rate limit without a token', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);

      const response = await api(`GET /tier/${tier.name}/rate_limit/${limit.id}`);

      expect([response.status, response.body]).toEqual([200, limit]);
    });

    it('returns 404 for an unknown tier, an unknown rate limit and a rate limit of another tier', async () => {
      const tier = await createTier(api);
      const foreign = await createLimit((await createTier(api)).name);

      expect(refusal(await api(`GET /tier/${unique()}/rate_limit/${foreign.id}`))).toEqual(TIER_NOT_FOUND);
      expect(refusal(await api(`GET /tier/${tier.name}/rate_limit/2147483647`))).toEqual(LIMIT_NOT_FOUND);
      expect(refusal(await api(`GET /tier/${tier.name}/rate_limit/${foreign.id}`))).toEqual(LIMIT_NOT_FOUND);
    });

    it.each(['abc', '1.5', '1e3', '+1', '0x10', '2147483648'])('returns 422 for the id %s', async (id) => {
      const { name } = await createTier(api);

      const response = await api(`GET /tier/${name}/rate_limit/${id}`);

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ 'path.id': 'int_parsing' });
    });
  });

  describe('PATCH /tier/{tier_name}/rate_limit/{id}', () => {
    it('changes only the fields that are sent', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);

      const response = await api(`PATCH /tier/${tier.name}/rate_limit/${limit.id}`, {
        token: superuser,
        body: { limit: 9 },
      });

      expect([response.status, response.body]).toEqual([200, { message: 'Rate Limit updated' }]);
      expect((await api(`GET /tier/${tier.name}/rate_limit/${limit.id}`)).body).toEqual({
        ...limit,
        limit: 9,
      });
    });

    it('returns 422 with the limited routes for a path that is none, and changes nothing', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);
      const body = { path: 'api/v1/unlimited', limit: 9 };

      const response = await api(`PATCH /tier/${tier.name}/rate_limit/${limit.id}`, {
        token: superuser,
        body,
      });

      expect(response).toMatchObject(NOT_LIMITED);
      expect((await api(`GET /tier/${tier.name}/rate_limit/${limit.id}`)).body).toEqual(limit);
    });

    it('normalizes the path', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);
      const path = unique();

      await api(`PATCH /tier/${tier.name}/rate_limit/${limit.id}`, {
        token: superuser,
        body: { path: `/x/${path}/` },
      });

      expect((await api(`GET /tier/${tier.name}/rate_limit/${limit.id}`)).body.path).toBe(`x_${path}`);
    });

    it('changes nothing when the body is {} or has the current values', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);
      const route = `PATCH /tier/${tier.name}/rate_limit/${limit.id}` as const;

      expect((await api(route, { token: superuser, body: {} })).status).toBe(200);
      expect(
        (await api(route, { token: superuser, body: { path: limit.path, name: limit.name } })).status,
      ).toBe(200);
      expect((await api(`GET /tier/${tier.name}/rate_limit/${limit.id}`)).body).toEqual(limit);
    });

    it('returns 422 for the path or the name of another rate limit', async () => {
      const tier = await createTier(api);
      const other = await createLimit(tier.name);
      const { id } = await createLimit(tier.name);
      const route = `PATCH /tier/${tier.name}/rate_limit/${id}` as const;

      expect(refusal(await api(route, { token: superuser, body: { path: other.path } }))).toEqual(PATH_TAKEN);
      expect(refusal(await api(route, { token: superuser, body: { name: other.name } }))).toEqual(
        NAME_OF_ANOTHER,
      );
    });

    it('returns 404 for an unknown tier, an unknown rate limit and a rate limit of another tier', async () => {
      const tier = await createTier(api);
      const foreign = await createLimit((await createTier(api)).name);
      const request = { token: superuser, body: { limit: 1 } };

      expect(refusal(await api(`PATCH /tier/${unique()}/rate_limit/${foreign.id}`, request))).toEqual(
        TIER_NOT_FOUND,
      );
      expect(refusal(await api(`PATCH /tier/${tier.name}/rate_limit/2147483647`, request))).toEqual(
        LIMIT_NOT_FOUND,
      );
      expect(refusal(await api(`PATCH /tier/${tier.name}/rate_limit/${foreign.id}`, request))).toEqual(
        LIMIT_NOT_FOUND,
      );
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const tier = await createTier(api);
      const limit = await createLimit(tier.name);
      const route = `PATCH /tier/${tier.name}/rate_limit/${limit.id}` as const;

      expect(refusal(await api(route, { body: { limit: 1 } }))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(route, { token: otherUser, body: { limit: 1 } }))).toEqual(NO_PRIVILEGES);
    });

    it.each([
      ['a null limit', { limit: null }, 'limit', 'int_type'],
      ['a null name', { name: null }, 'name', 'string_type'],
      ['a period of 0', { period: 0 }, 'period', 'greater_than_equal'],
      ['an extra field', { tier_id: 1 }, 'tier_id', 'extra_forbidden'],
    ])('returns 422 for %s', async (_, body, field, code) => {
      const tier = await createTier(api);
      const { id } = await createLimit(tier.name);

      const response = await api(`PATCH /tier/${tier.name}/rate_limit/${id}`, { token: superuser, body });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('DELETE /tier/{tier_name}/rate_limit/{id}', () => {
    it('deletes the rate limit, and returns 404 for it afterwards', async () => {
      const tier = await createTier(api);
      const { id } = await createLimit(tier.name);

      const response = await api(`DELETE /tier/${tier.name}/rate_limit/${id}`, { token: superuser });

      expect([response.status, response.body]).toEqual([200, { message: 'Rate Limit deleted' }]);
      expect(refusal(await api(`GET /tier/${tier.name}/rate_limit/${id}`))).toEqual(LIMIT_NOT_FOUND);
    });

    it('returns 404 for an unknown tier, an unknown rate limit and a rate limit of another tier', async () => {
      const tier = await createTier(api);
      const foreign = await createLimit((await createTier(api)).name);
      const request = { token: superuser };

      expect(refusal(await api(`DELETE /tier/${unique()}/rate_limit/${foreign.id}`, request))).toEqual(
        TIER_NOT_FOUND,
      );
      expect(refusal(await api(`DELETE /tier/${tier.name}/rate_limit/2147483647`, request))).toEqual(
        LIMIT_NOT_FOUND,
      );
      expect(refusal(await api(`DELETE /tier/${tier.name}/rate_limit/${foreign.id}`, request))).toEqual(
        LIMIT_NOT_FOUND,
      );
    });

    it('returns 401 without a token and 403 to a user who is not a superuser', async () => {
      const tier = await createTier(api);
      const { id } = await createLimit(tier.name);

      expect(refusal(await api(`DELETE /tier/${tier.name}/rate_limit/${id}`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`DELETE /tier/${tier.name}/rate_limit/${id}`, { token: otherUser }))).toEqual(
        NO_PRIVILEGES,
      );
      expect((await api(`GET /tier/${tier.name}/rate_limit/${id}`)).status).toBe(200);
    });
  });
});
