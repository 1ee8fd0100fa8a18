import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expectations.ts';
import { gateway } from '../../support/api.ts';
import { ADMIN, createUser, adminToken } from '../../support/users.ts';

const basic = ({ username, password }: { username: string; password: string }) => ({
  Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

describe('the queue dashboard', () => {
  it('requires a login, and is served with all its assets by the gateway', async () => {
    const prompt = await gateway('GET /admin/queues');
    const page = await gateway('GET /admin/queues', { headers: basic(ADMIN) });
    const assets = [...page.text.matchAll(/(?:src|href)="(static[^"]*)"/g)].map(([, path]) => path!);

    expectProblem(prompt, 401, 'Not authenticated');
    expect(prompt.headers.get('WWW-Authenticate')).toMatch(/^Basic /);
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Security-Policy')).toContain("script-src 'self'; ");
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      const { status } = await gateway(`GET /admin/queues/${asset}`, { headers: basic(ADMIN) });
      expect([asset, status]).toEqual([asset, 200]);
    }
  });

  it('shows the queues to superusers', async () => {
    const { status, body } = await gateway('GET /admin/queues/api/queues', { token: await adminToken() });

    expect(status).toBe(200);
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'tasks', readOnlyMode: true }));
  });

  it('refuses users', async () => {
    const user = await createUser();

    expectProblem(
      await gateway('GET /admin/queues/api/queues', { token: user.token }),
      403,
      'You do not have enough privileges.',
    );
    expectProblem(
      await gateway('GET /admin/queues', { headers: basic(user) }),
      403,
      'You do not have enough privileges.',
    );
  });

  it('is read-only', async () => {
    const { status } = await gateway('PUT /admin/queues/api/queues/pause' as 'POST /', {
      token: await adminToken(),
    });

    expect(status).toBe(405);
  });
});
