import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type ApiAnswer, type TestApp, waitFor } from '@repo/testing';
import { createTier, refusal, signUp, startUsersApp, superuser, unique } from './users-app.js';

/** Each of these races returns 500 when the code does not handle it. */
describe('changes that commit between a check and the write', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  /** Commits a change after the checks of the request and before its write, which waits for the lock of the change. */
  async function withConcurrentChange(
    sql: string,
    values: unknown[],
    request: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    await app.database.query('BEGIN');
    await app.database.query(sql, values);
    const response = request();
    await waitFor(
      async () => (await app.database.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0,
    );
    await app.database.query('COMMIT');
    return response;
  }

  it('returns 404 when the tier is deleted while it is assigned', async () => {
    const { username } = await signUp(api);
    const tier = await createTier(api);

    const response = await withConcurrentChange('DELETE FROM users.tiers WHERE id = $1', [tier.id], () =>
      api(`PATCH /user/${username}/tier`, { token: superuser, body: { tier_id: tier.id } }),
    );

    expect(refusal(response)).toEqual({ status: 404, detail: 'Tier not found' });
  });

  it('returns 404 when the tier is deleted while a rate limit is added to it', async () => {
    const tier = await createTier(api);
    const body = { path: unique(), limit: 1, period: 1 };

    const response = await withConcurrentChange('DELETE FROM users.tiers WHERE id = $1', [tier.id], () =>
      api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body }),
    );

    expect(refusal(response)).toEqual({ status: 404, detail: 'Tier not found' });
  });

  it.each([
    ['hard-deleted', 'DELETE FROM users.users WHERE id = $1'],
    ['soft-deleted', 'UPDATE users.users SET deleted_at = now() WHERE id = $1'],
  ])('returns 404 when the user is %s while it is updated', async (_, sql) => {
    const { id, username, token } = await signUp(api);

    const response = await withConcurrentChange(sql, [id], () =>
      api(`PATCH /user/${username}`, { token, body: { name: 'Other' } }),
    );

    expect(refusal(response)).toEqual({ status: 404, detail: 'User not found' });
  });

  it('returns 404 when the user is hard-deleted while it is soft-deleted', async () => {
    const { id, username, token } = await signUp(api);

    const response = await withConcurrentChange('DELETE FROM users.users WHERE id = $1', [id], () =>
      api(`DELETE /user/${username}`, { token }),
    );

    expect(refusal(response)).toEqual({ status: 404, detail: 'User not found' });
  });
});
