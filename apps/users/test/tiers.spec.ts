import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, TestApp } from '@repo/testing';
import {
  anybody,
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
    it('creates a tier', async () => {
      const name = unique('Pro-2_b. ');

      const answer = await api('POST /tier', { token: superuser, body: { name } });

      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: expect.any(Number),
        name,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    });

    it('refuses a taken name', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api('POST /tier', { token: superuser, body: { name } }))).toEqual(NAME_TAKEN);
    });

    it('lets one of eight at once through', async () => {
      const body = { name: unique() };

      const answers = await Promise.all(
        Array.from({ length: 8 }, () => api('POST /tier', { token: superuser, body })),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422, 422, 422, 422]);
    });

    it('is for superusers alone', async () => {
      expect(refusal(await api('POST /tier', { body: { name: unique() } }))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api('POST /tier', { token: anybody, body: { name: unique() } }))).toEqual(
        NO_PRIVILEGES,
      );
    });

    it.each([
      ['no name', {}, 'name', 'missing'],
      ['an empty name', { name: '' }, 'name', 'string_too_short'],
      ['a name of 51 characters', { name: 'x'.repeat(51) }, 'name', 'string_too_long'],
      ['a name with a slash', { name: 'a/b' }, 'name', 'string_pattern_mismatch'],
      ['a name with a letter outside of ASCII', { name: 'größe' }, 'name', 'string_pattern_mismatch'],
      ['a number', { name: 5 }, 'name', 'string_type'],
      ['an extra field', { name: 'fine', id: 1 }, 'id', 'extra_forbidden'],
    ])('refuses %s', async (_, body, field, code) => {
      const answer = await api('POST /tier', { token: superuser, body });

      expect(answer.status).toBe(422);
      expect(fieldErrors(answer)).toEqual({ [`body.${field}`]: code });
    });
  });

  describe('GET /tiers', () => {
    it('shows all tiers to anyone, in the order of their ids', async () => {
      const tiers = [await createTier(api), await createTier(api)];

      const answer = await api('GET /tiers?items_per_page=100');

      expect(answer.status).toBe(200);
      const ids = answer.body.data.map(({ id }: { id: number }) => id);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(answer.body.data).toEqual(expect.arrayContaining(tiers));
    });
  });

  describe('GET /tier/{name}', () => {
    it('shows a tier to anyone', async () => {
      const tier = await createTier(api);

      const answer = await api(`GET /tier/${tier.name}`);

      expect([answer.status, answer.body]).toEqual([200, tier]);
    });

    it('does not find an unknown tier', async () => {
      expect(refusal(await api(`GET /tier/${unique()}`))).toEqual(TIER_NOT_FOUND);
    });
  });

  describe('PATCH /tier/{name}', () => {
    it('renames a tier', async () => {
      const tier = await createTier(api);
      const name = unique();

      const answer = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: { name } });

      expect([answer.status, answer.body]).toEqual([200, { message: 'Tier updated' }]);
      expect((await api(`GET /tier/${name}`)).body.id).toBe(tier.id);
      expect(refusal(await api(`GET /tier/${tier.name}`))).toEqual(TIER_NOT_FOUND);
    });

    it('changes nothing for {}', async () => {
      const tier = await createTier(api);

      const answer = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: {} });

      expect([answer.status, answer.body]).toEqual([200, { message: 'Tier updated' }]);
      expect((await api(`GET /tier/${tier.name}`)).body).toEqual(tier);
    });

    it('refuses the name of another tier', async () => {
      const tier = await createTier(api);
      const other = await createTier(api);

      const answer = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: { name: other.name } });

      expect(refusal(answer)).toEqual(NAME_TAKEN);
    });

    it('refuses an explicit null', async () => {
      const tier = await createTier(api);

      const answer = await api(`PATCH /tier/${tier.name}`, { token: superuser, body: { name: null } });

      expect(answer.status).toBe(422);
      expect(fieldErrors(answer)).toEqual({ 'body.name': 'string_type' });
    });

    it('does not find an unknown tier', async () => {
      expect(refusal(await api(`PATCH /tier/${unique()}`, { token: superuser, body: {} }))).toEqual(
        TIER_NOT_FOUND,
      );
    });

    it('is for superusers alone', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api(`PATCH /tier/${name}`, { body: {} }))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`PATCH /tier/${name}`, { token: anybody, body: {} }))).toEqual(NO_PRIVILEGES);
    });
  });

  describe('DELETE /tier/{name}', () => {
    it('deletes a tier with its limits, and says so', async () => {
      const tier = await createTier(api);
      const body = { path: unique(), limit: 1, period: 1 };
      await api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body });

      const answer = await api(`DELETE /tier/${tier.name}`, { token: superuser });

      expect([answer.status, answer.body]).toEqual([200, { message: 'Tier deleted' }]);
      expect(refusal(await api(`GET /tier/${tier.name}`))).toEqual(TIER_NOT_FOUND);
      expect(
        await app.database.query('SELECT id FROM users.rate_limits WHERE tier_id = $1', [tier.id]),
      ).toEqual([]);
    });

    it('refuses while a user has it, a soft-deleted one included', async () => {
      const tier = await createTier(api);
      const { username, token } = await signUp(api);
      await assignTier(api, username, tier.id);

      const inUse = { status: 409, detail: 'Tier is in use' };
      expect(refusal(await api(`DELETE /tier/${tier.name}`, { token: superuser }))).toEqual(inUse);
      await api(`DELETE /user/${username}`, { token });
      expect(refusal(await api(`DELETE /tier/${tier.name}`, { token: superuser }))).toEqual(inUse);
      expect((await api(`GET /tier/${tier.name}`)).status).toBe(200);
    });

    it('does not find an unknown tier', async () => {
      expect(refusal(await api(`DELETE /tier/${unique()}`, { token: superuser }))).toEqual(TIER_NOT_FOUND);
    });

    it('is for superusers alone', async () => {
      const { name } = await createTier(api);

      expect(refusal(await api(`DELETE /tier/${name}`))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api(`DELETE /tier/${name}`, { token: anybody }))).toEqual(NO_PRIVILEGES);
      expect((await api(`GET /tier/${name}`)).status).toBe(200);
    });
  });
});
