import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, plansOf, type TestApp } from '@repo/testing';
import {
  assignTier,
  createTier,
  fieldErrors,
  type SignedUp,
  signUp,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

describe('lists with filters', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  describe('GET /users', () => {
    let anna: SignedUp;
    let berta: SignedUp;
    let tier: { id: number };

    beforeAll(async () => {
      anna = await signUp(api, { name: 'Anna' });
      berta = await signUp(api, { name: 'Berta' });
      const deletedUser = await signUp(api, { name: 'Anna' });
      await api(`DELETE /user/${deletedUser.username}`, { token: deletedUser.token });
      tier = await createTier(api);
      await assignTier(api, berta.username, tier.id);
    });

    const found = async (query: string): Promise<string[]> => {
      const { status, body } = await api(`GET /users?${query}`);
      expect(status).toBe(200);
      return body.data.map(({ username }: { username: string }) => username);
    };

    it('filters live users by public fields', async () => {
      expect(await found('name=Anna')).toEqual([anna.username]);
      expect(await found(`username__in=${anna.username},${berta.username}`)).toEqual([
        anna.username,
        berta.username,
      ]);
      expect(await found(`tier_id=${tier.id}`)).toEqual([berta.username]);
      expect(await found('tier_id__is_null=true')).toEqual([anna.username]);
      expect(await found('name__ilike=%25ERT%25')).toEqual([berta.username]);
      expect(await found('created_at__gte=2999-01-01')).toEqual([]);
    });

    it('sorts by username and by time of sign-up', async () => {
      const names = [anna.username, berta.username].toSorted();

      expect(await found('sort=username')).toEqual(names);
      expect(await found('sort=-username&cursor=')).toEqual(names.toReversed());
      expect(await found('sort=-created_at')).toEqual([berta.username, anna.username]);
    });

    it('returns only public fields for a filtered list', async () => {
      const { body } = await api(`GET /users?username=${anna.username}&sort=-created_at`);

      expect(body.data).toEqual([
        {
          id: anna.id,
          name: 'Anna',
          username: anna.username,
          profile_image_url: 'https://profileimageurl.com',
          tier_id: null,
        },
      ]);
    });

    it.each([
      'email=a@example.com',
      'email__like=a%25',
      'password_hash__like=%25',
      'is_superuser=true',
      'version__gt=1',
      'deleted_at__is_null=false',
    ])('returns 422 for a filter on a private field: ?%s', async (query) => {
      const responses = [
        await api(`GET /users?${query}`),
        await api(`GET /users?${query}`, { token: superuser }),
      ];

      for (const response of responses) {
        expect(response.status).toBe(422);
        expect(fieldErrors(response)).toEqual({ [`query.${query.split('=')[0]}`]: 'extra_forbidden' });
      }
    });

    it('returns 422 for a sort by a private field', async () => {
      expect(fieldErrors(await api('GET /users?sort=email'))).toEqual({ 'query.sort': 'value_error' });
    });
  });

  describe('GET /tiers', () => {
    it('filters and sorts by name', async () => {
      const prefix = unique('T');
      for (const name of ['b', 'a', 'c']) await createTier(api, `${prefix}${name}`);

      const { body } = await api(`GET /tiers?name__like=${prefix}%25&sort=-name&items_per_page=2`);

      expect(body).toMatchObject({
        data: [{ name: `${prefix}c` }, { name: `${prefix}b` }],
        total_count: 3,
        has_more: true,
      });
      expect(fieldErrors(await api('GET /tiers?updated_at__gte=2026-01-01'))).toEqual({
        'query.updated_at__gte': 'extra_forbidden',
      });
    });
  });

  describe('GET /tier/{tier_name}/rate_limits', () => {
    it('filters the rate limits of the tier', async () => {
      const [one, other] = [await createTier(api), await createTier(api)];
      for (const { name } of [one, other]) {
        for (const path of ['a/b', 'a/c']) {
          const body = { path, limit: 1, period: 60, name: unique() };
          await api(`POST /tier/${name}/rate_limit`, { token: superuser, body });
        }
      }

      const { body } = await api(`GET /tier/${one.name}/rate_limits?path=a_b&limit__lte=1`);

      expect(body).toMatchObject({ data: [{ path: 'a_b', tier_id: one.id }], total_count: 1 });
      expect(fieldErrors(await api(`GET /tier/${one.name}/rate_limits?tier_id=${other.id}`))).toEqual({
        'query.tier_id': 'extra_forbidden',
      });
    });
  });

  describe('the plan of a cursor page', () => {
    beforeAll(async () => {
      await app.database.query(
        `INSERT INTO users.users (name, username, email, password_hash, version, created_at)
         SELECT 'Name', 'many' || n, 'many' || n || '@example.com', '', 1, now() - n % 100 * interval '1 day'
         FROM generate_series(1, 2000) n`,
      );
      await app.database.query(
        `INSERT INTO users.tiers (name) SELECT 'many ' || n FROM generate_series(1, 2000) n`,
      );
      await app.database.query('ANALYZE users.users, users.tiers');
    });

    it.each([
      ['users', 'sort=-id', 'PK_a3ffb1c0c8416b9fc6f907b7433'],
      ['users', 'sort=username', 'uq_users_username'],
      ['users', 'sort=-created_at', 'ix_users_created_live'],
      ['tiers', 'sort=-name', 'uq_tiers_name'],
      ['tiers', 'sort=created_at', 'ix_tiers_created'],
    ])('GET /%s?%s scans one index without a sort or a count', async (list, sort, index) => {
      const pageAt = (cursor: string) => api(`GET /${list}?${sort}&cursor=${cursor}` as 'GET /users');
      const { next_cursor: cursor } = (await pageAt('')).body;

      const plans = await plansOf(app, `users.${list}`, () => pageAt(cursor));

      expect(plans).toEqual([
        expect.stringMatching(new RegExp(`Index Scan (Backward )?using "?${index}"? `)),
      ]);
      expect(plans[0]).not.toMatch(/Sort|Aggregate|Seq Scan/);
    });
  });
});
