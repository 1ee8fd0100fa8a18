import assert from 'node:assert/strict';
import { api } from './api.ts';
import { uniqueName, type User } from './users.ts';

/** Creates a tier with rate limits for these routes. */
export async function createTier(
  admin: string,
  ...rules: { path: string; limit: number; period: number }[]
): Promise<{ id: number; name: string; ruleIds: number[] }> {
  const name = uniqueName('tier');
  const tier = await api('POST /tier', { token: admin, body: { name } });
  assert.equal(tier.status, 201, tier.text);
  const ruleIds: number[] = [];
  for (const rule of rules) {
    const response = await api(`POST /tier/${name}/rate_limit`, {
      token: admin,
      body: { ...rule, name: uniqueName('rule') },
    });
    assert.equal(response.status, 201, response.text);
    ruleIds.push(response.body.id);
  }
  return { id: tier.body.id, name, ruleIds };
}

/** Puts a user into a tier. */
export async function assignTier(admin: string, { username }: User, tierId: number): Promise<void> {
  const response = await api(`PATCH /user/${username}/tier`, { token: admin, body: { tier_id: tierId } });
  assert.equal(response.status, 200, response.text);
}
