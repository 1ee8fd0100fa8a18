import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type ApiAnswer, type TestApp, waitFor } from '@repo/testing';
import { createTier, refusal, signUp, startUsersApp, superuser, unique } from './users-app.js';

/** Each of these would be an error of the server without a word about it in the code. */
describe('what happens between a check and the write that trusts it', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  /** Makes a change that the request meets after its checks: the request's write waits for the change to commit. */
  async function meanwhile(
    sql: string,
    values: unknown[],
    request: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    await app.database.query('BEGIN');
    await app.database.query(sql, values);
    const answer = request();
    await waitFor(
      async () => (await app.database.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0,
    );
    await app.database.query('COMMIT');
    return answer;
  }

  it('does not find a tier that was deleted while it was assigned', async () => {
    const { username } = await signUp(api);
    const tier = await createTier(api);

    const answer = await meanwhile('DELETE FROM users.tiers WHERE id = $1', [tier.id], () =>
      api(`PATCH /user/${username}/tier`, { token: superuser, body: { tier_id: tier.id } }),
    );

    expect(refusal(answer)).toEqual({ status: 404, detail: 'Tier not found' });
  });

  it('does not find a tier that was deleted while it got a limit', async () => {
    const tier = await createTier(api);
    const body = { path: unique(), limit: 1, period: 1 };

    const answer = await meanwhile('DELETE FROM users.tiers WHERE id = $1', [tier.id], () =>
      api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body }),
    );

    expect(refusal(answer)).toEqual({ status: 404, detail: 'Tier not found' });
  });

  it.each([
    ['erased', 'DELETE FROM users.users WHERE id = $1'],
    ['deleted', 'UPDATE users.users SET deleted_at = now() WHERE id = $1'],
  ])('does not find a user that was %s while it was changed', async (_, sql) => {
    const { id, username, token } = await signUp(api);

    const answer = await meanwhile(sql, [id], () =>
      api(`PATCH /user/${username}`, { token, body: { name: 'Other' } }),
    );

    expect(refusal(answer)).toEqual({ status: 404, detail: 'User not found' });
  });

  it('does not find a user that was erased while it was deleted', async () => {
    const { id, username, token } = await signUp(api);

    const answer = await meanwhile('DELETE FROM users.users WHERE id = $1', [id], () =>
      api(`DELETE /user/${username}`, { token }),
    );

    expect(refusal(answer)).toEqual({ status: 404, detail: 'User not found' });
  });
});
