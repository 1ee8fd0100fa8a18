import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SAMPLE_TASK } from '@repo/contracts';
import { Queues } from '@repo/queue';
import { waitFor } from '@repo/testing';
import { aCaller, type JobsApp, PASSWORD, startJobs } from './jobs-app.js';

let app: JobsApp;
const superuser = aCaller({ isSuperuser: true });

beforeAll(async () => {
  Logger.overrideLogger(false);
  app = await startJobs();
});

afterAll(() => app.close());

const basic = (login: string, password = PASSWORD) =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
const get = (path: string, authorization: string | null = `Bearer ${superuser.token}`, method = 'GET') =>
  fetch(`${app.url}/admin/queues${path}`, {
    method,
    headers: authorization === null ? {} : { Authorization: authorization },
  });
const json = async (path: string): Promise<any> => (await get(path)).json();

const ASSET = '/static/images/logo.svg';
const PATHS = ['', '/', '/queue/tasks', '/api/queues', ASSET];

describe('the queue dashboard', () => {
  it.each(PATHS)('returns 401 with a Basic challenge without credentials: %s', async (path) => {
    const response = await get(path, null);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each(PATHS)('returns 200 to superusers only, by token or password: %s', async (path) => {
    const statuses = await Promise.all(
      [
        `Bearer ${superuser.token}`,
        basic('superuser'),
        `Bearer ${aCaller().token}`,
        basic('user'),
        'Bearer nonsense',
        basic('superuser', 'wrong'),
      ].map(async (authorization) => (await get(path, authorization)).status),
    );

    expect(statuses).toEqual([200, 200, 403, 403, 401, 401]);
  });

  it('loads nothing from another host', async () => {
    const page = await (await get('')).text();

    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!);
    expect(page).not.toContain('<%');
    expect(links).toContain('/admin/queues/');
    for (const link of links.filter((each) => each !== '/admin/queues/')) {
      const { status, headers } = await get(`/${link}`);
      expect([link, status]).toEqual([link, 200]);
      expect(headers.get('cache-control')).toMatch(/^private/);
    }
  });

  it.each(['package.json', '..%2Findex.ejs', '%2e%2e%2findex.ejs', 'constructor', 'js'])(
    'serves no other file: %s',
    async (name) => {
      expect((await get(`/static/${name}`)).status).toBe(404);
    },
  );

  it('returns the jobs of every queue', async () => {
    const id = await app.aTask();
    await app.nest
      .get(Queues)
      .of('mail')
      .addAll([{ id: 'letter', name: 'mail.welcome' }]);

    await waitFor(async () => (await json('/api/queues')).queues.length > 1);
    const { queues } = await json('/api/queues?activeQueue=tasks&status=latest&page=1&jobsPerPage=10');
    const job = await waitFor(async () => {
      const response = await get(`/api/queues/tasks/${id}`);
      return response.status === 200 && ((await response.json()) as { job: object });
    });

    expect(queues.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['mail', 'tasks']),
    );
    expect(queues.every(({ readOnlyMode }: { readOnlyMode: boolean }) => readOnlyMode)).toBe(true);
    expect(job).toMatchObject({ job: { id, name: SAMPLE_TASK, data: {} } });
  });

  it.each(['/api/nonsense', '/api/queues/unknown/7', '/api/queues/tasks/unknown'])(
    'returns 404 for %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it.each([
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/tasks/obliterate'],
    ['PUT', '/api/queues/tasks/letter/retry/failed'],
    ['POST', '/api/queues/tasks/add'],
    ['DELETE', '/api/queues/tasks/letter'],
    ['PATCH', '/api/queues/tasks/letter/update-data'],
  ])('returns 405 for %s %s', async (method, path) => {
    const response = await get(path, basic('superuser'), method);

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
