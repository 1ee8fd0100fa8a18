import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../../support/expectations.js';
import { gateway } from '../../support/gateway.js';
import { ADMIN, join, superuser } from '../../support/people.js';

const basic = ({ username, password }: { username: string; password: string }) => ({
  Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

describe('the dashboard of the queues', () => {
  it('opens with the browser’s login prompt, and comes with everything it needs, from here', async () => {
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

  it('shows superusers the queues', async () => {
    const { status, body } = await gateway('GET /admin/queues/api/queues', { token: await superuser() });

    expect(status).toBe(200);
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'tasks', readOnlyMode: true }));
  });

  it('is for nobody else', async () => {
    const user = await join();

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

  it('changes nothing', async () => {
    const { status } = await gateway('PUT /admin/queues/api/queues/pause' as 'POST /', {
      token: await superuser(),
    });

    expect(status).toBe(405);
  });
});
