// The pages that the system serves, in a browser: node --test tests/system/pages.ts
// With SCREENSHOTS=docs/images it also takes the pictures of docs/images.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { launchBrowser } from '../../tools/docs/browser.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';

const { SCREENSHOTS } = process.env;
const ADMIN = { username: 'admin', password: 'a superuser of the pages' };
const USER = {
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.com',
  password: 'engine-of-analysis',
};
const TIMEOUT_MS = 60_000;
/** The documentation needs accounts, and the service that serves it. */
const ONLY_AUTH = {
  WITHOUT_SERVICES: SERVICE_NAMES.filter((name) => name !== 'auth' && name !== 'users').join(','),
};

interface Login {
  username: string;
  password: string;
}

let browser: Browser;
before(async () => {
  await prepareCheckout();
  browser = await launchBrowser();
});
after(() => browser?.close());

describe('in local', () => {
  const urlOf = startedIn('local');

  it('/docs lists the routes of all services', async () => {
    const { page, close } = await open(urlOf('/docs'));
    await page.locator('.opblock').first().waitFor();
    const methods = await page.locator('.opblock-summary-method').allTextContents();
    const paths = await page.locator('.opblock-summary-path').allTextContents();
    await takePicture(page, 'docs');

    const listed = methods.map((method, index) => `${method} ${paths[index]?.replaceAll('\u200b', '')}`);
    const routes = (await operationsAt(urlOf('/openapi.json'))).map(({ route }) => route);
    assert.deepEqual(listed.sort(), routes.sort());
    await close();
  });

  it('/docs logs in and sends GET /user/me', async () => {
    const { page, close } = await open(urlOf('/docs'));
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
    const response = me.locator('.live-responses-table .response').first();
    await response.locator('.response-col_status', { hasText: '200' }).waitFor();
    const body = await response.locator('.highlight-code').first().textContent();
    await me.scrollIntoViewIfNeeded();
    await takePicture(page, 'try-it');

    assert.match(body ?? '', /"username":\s*"admin"/);
    await close();
  });

  it('/redoc shows every operation', async () => {
    const { page, close } = await open(urlOf('/redoc'));
    const headings = page.locator('h2');
    for (const { summary } of await operationsAt(urlOf('/openapi.json')))
      await headings.filter({ hasText: summary }).first().waitFor();

    await close();
  });

  // #region only with jobs
  it('/admin/queues shows the queues to superusers', async () => {
    const { page, close } = await open(urlOf('/admin/queues'), ADMIN);
    await page.getByText('tasks').first().waitFor();
    await takePicture(page, 'queues');

    await close();
  });
  // #endregion
});

describe('in staging', () => {
  const urlOf = startedIn('staging', ONLY_AUTH);

  for (const path of ['/docs', '/redoc']) {
    it(`${path} is for superusers, who log in at the prompt of the browser`, async () => {
      const prompt = await fetch(urlOf(path));
      assert.equal(prompt.status, 401);
      assert.match(prompt.headers.get('WWW-Authenticate') ?? '', /^Basic /);
      assert.equal(await statusOf(urlOf(path), USER), 403);

      const { page, close } = await open(urlOf(path), ADMIN);
      await page.locator('.opblock, h2').filter({ hasText: 'Sign up' }).first().waitFor();
      await close();
    });
  }
});

describe('in production', () => {
  const urlOf = startedIn('production', ONLY_AUTH);

  for (const path of ['/docs', '/redoc', '/openapi.json']) {
    it(`${path} is 404`, async () => {
      assert.equal(await statusOf(urlOf(path), ADMIN), 404);
    });
  }
});

/** Starts the system in an environment for the tests of a `describe`, with a user besides the first superuser. */
function startedIn(environment: string, settings: Record<string, string> = {}): (path: string) => string {
  const folder = createStackFolder('pages');
  let stack: Stack | undefined;
  const urlOf = (path: string) => `${stack?.gatewayUrl}${path}`;
  before(async () => {
    const env = { LOG_LEVEL: 'warn', ENVIRONMENT: environment, ADMIN_PASSWORD: ADMIN.password, ...settings };
    stack = await startTestStack(folder, { durable: false, env });
    const { status } = await fetch(urlOf('/api/v1/user'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(USER),
    });
    assert.equal(status, 201);
  });
  after(async () => {
    await stack?.stop();
    folder.remove();
  });
  return urlOf;
}

/** Opens a page. Its `close` fails if the page sent a request to another host, or if a script of it failed. */
async function open(url: string, login?: Login) {
  const context = await contextOf(login);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).host !== new URL(url).host)
      faults.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(url);
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, close };
}

async function statusOf(url: string, login: Login): Promise<number | undefined> {
  const context = await contextOf(login);
  const response = await (await context.newPage()).goto(url);
  await context.close();
  return response?.status();
}

async function contextOf(login?: Login) {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 760 },
    httpCredentials: login,
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  return context;
}

async function operationsAt(document: string): Promise<{ route: string; summary: string }[]> {
  const { paths } = (await (await fetch(document)).json()) as {
    paths: Record<string, Record<string, { summary: string }>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      summary,
    })),
  );
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
