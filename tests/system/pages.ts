// @ts-check
// The pages that the system serves, in a browser: node --test tests/system/pages.ts
// With SCREENSHOTS=docs/images it also takes the pictures of docs/images.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { launchBrowser } from '../../tools/docs/browser.ts';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';
import { compile } from '../../tools/lib/toolchain.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';

const { SCREENSHOTS } = process.env;
const ADMIN = { username: 'admin', password: 'a superuser of the pages' };
const USER = {
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.com',
  password: 'engine-of-analysis',
};
const TIME_LIMIT_MS = 60_000;
/** All that the documentation needs: accounts, and who serves it. */
const ONLY_AUTH = {
  WITHOUT_SERVICES: SERVICE_NAMES.filter((name) => name !== 'auth' && name !== 'users').join(','),
};

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await compile();
  browser = await launchBrowser();
});
after(() => browser?.close());

describe('in local', () => {
  const system = startedIn('local');

  it('/docs lists the routes of all services', async () => {
    const { page, close } = await open(system.url, '/docs');
    await page.locator('.opblock').first().waitFor();
    const listed = await page.locator('.opblock-summary').evaluateAll((rows) =>
      rows.map((row) => {
        const text = (/** @type {string} */ part) => row.querySelector(part)?.textContent ?? '';
        return `${text('.opblock-summary-method')} ${text('.opblock-summary-path').replace(/\u200b/g, '')}`;
      }),
    );
    await shoot(page, 'docs');

    const routes = (await operationsOf(system.url)).map(({ route }) => route);
    assert.deepEqual(listed.sort(), routes.sort());
    await close();
  });

  it('/docs logs in, and tries GET /user/me', async () => {
    const { page, close } = await open(system.url, '/docs');
    await page.locator('button.authorize').first().click();
    await page.locator('#oauth_username, input[name=username]').first().fill(ADMIN.username);
    await page.locator('#oauth_password, input[name=password]').first().fill(ADMIN.password);
    await page.locator('.auth-btn-wrapper button.authorize').click();
    await page.locator('.auth-btn-wrapper', { hasText: 'Logout' }).waitFor();
    await page.locator('.auth-btn-wrapper button.btn-done').click();

    const me = page.locator('#operations-users-users_getOwn');
    await me.locator('.opblock-summary-control').click();
    await me.getByRole('button', { name: 'Try it out' }).click();
    await me.getByRole('button', { name: 'Execute' }).click();
    const answer = me.locator('.live-responses-table .response').first();
    await answer.locator('.response-col_status', { hasText: '200' }).waitFor();
    const body = await answer.locator('.highlight-code').first().textContent();
    await me.scrollIntoViewIfNeeded();
    await shoot(page, 'try-it');

    assert.match(body ?? '', /"username":\s*"admin"/);
    await close();
  });

  it('/redoc shows every operation', async () => {
    const { page, close } = await open(system.url, '/redoc');
    const headings = page.locator('h2');
    for (const { summary } of await operationsOf(system.url))
      await headings.filter({ hasText: summary }).first().waitFor();

    await close();
  });

  // #region only with jobs
  it('/admin/queues shows superusers the queues', async () => {
    const { page, close } = await open(system.url, '/admin/queues', ADMIN);
    await page.getByText('tasks').first().waitFor();
    await shoot(page, 'queues');

    await close();
  });
  // #endregion
});

describe('in staging', () => {
  const system = startedIn('staging', ONLY_AUTH);

  for (const path of ['/docs', '/redoc']) {
    it(`${path} is for superusers, by the browser's own login prompt`, async () => {
      const prompt = await fetch(system.url + path);
      assert.equal(prompt.status, 401);
      assert.match(prompt.headers.get('WWW-Authenticate') ?? '', /^Basic /);
      assert.equal(await statusOf(system.url, path, USER), 403);

      const { page, close } = await open(system.url, path, ADMIN);
      await page.locator('.opblock, h2').filter({ hasText: 'Sign up' }).first().waitFor();
      await close();
    });
  }
});

describe('in production', () => {
  const system = startedIn('production', ONLY_AUTH);

  for (const path of ['/docs', '/redoc', '/openapi.json']) {
    it(`${path} is not there`, async () => {
      assert.equal(await statusOf(system.url, path, ADMIN), 404);
    });
  }
});

/**
 * A whole system in an environment, with one user besides the first superuser, for the tests of a `describe`.
 *
 * @param {string} environment
 * @param {Record<string, string>} [settings]
 */
function startedIn(environment, settings) {
  const folder = createStackFolder('pages');
  const system = { url: '', stop: async () => {} };
  before(async () => {
    const env = { LOG_LEVEL: 'warn', ENVIRONMENT: environment, ADMIN_PASSWORD: ADMIN.password, ...settings };
    const stack = await startTestStack(folder, { durable: false, env });
    Object.assign(system, { url: stack.gatewayUrl, stop: () => stack.stop() });
    const answer = await fetch(`${system.url}/api/v1/user`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(USER),
    });
    assert.equal(answer.status, 201);
  });
  after(async () => {
    await system.stop();
    folder.remove();
  });
  return system;
}

/**
 * A page that is open; its `close` fails if it asked another host for anything, or its script broke.
 *
 * @param {string} url @param {string} path @param {{ username: string, password: string }} [login]
 */
async function open(url, path, login) {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 760 },
    ...(login && { httpCredentials: login }),
  });
  context.setDefaultTimeout(TIME_LIMIT_MS);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(`${url}/`)) faults.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const answer = await page.goto(url + path);
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, close, status: answer?.status() };
}

/** @param {string} url @param {string} path @param {{ username: string, password: string }} [login] */
async function statusOf(url, path, login) {
  const context = await browser.newContext(login && { httpCredentials: login });
  const answer = await (await context.newPage()).goto(url + path, { timeout: TIME_LIMIT_MS });
  await context.close();
  return answer?.status();
}

/**
 * What the document has.
 *
 * @param {string} url
 * @returns {Promise<{ route: string, summary: string }[]>}
 */
async function operationsOf(url) {
  const { paths } = await (await fetch(`${url}/openapi.json`)).json();
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      summary,
    })),
  );
}

/** @param {import('playwright-core').Page} page @param {string} name */
async function shoot(page, name) {
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
