import assert from 'node:assert/strict';
import { api } from './gateway.js';
import { type Person, uniqueName } from './people.js';

/** Creates a tier, with the rules for routes that are given. */
export async function makeTier(
  admin: string,
  ...rules: { path: string; limit: number; period: number }[]
): Promise<{ id: number; name: string; ruleIds: number[] }> {
  const name = uniqueName('tier');
  const tier = await api('POST /tier', { token: admin, body: { name } });
  assert.equal(tier.status, 201, tier.text);
  const ruleIds = [];
  for (const rule of rules) {
    const answer = await api(`POST /tier/${name}/rate_limit`, {
      token: admin,
      body: { ...rule, name: uniqueName('rule') },
    });
    assert.equal(answer.status, 201, answer.text);
    ruleIds.push(answer.body.id);
  }
  return { id: tier.body.id, name, ruleIds };
}

/** Puts somebody into a tier. */
export async function assignTier(admin: string, { username }: Person, tierId: number): Promise<void> {
  const answer = await api(`PATCH /user/${username}/tier`, { token: admin, body: { tier_id: tierId } });
  assert.equal(answer.status, 200, answer.text);
}
