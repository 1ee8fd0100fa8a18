// The pages that the system serves, in a browser: node --test tests/system/pages.ts
// With SCREENSHOTS=docs/images it also takes the pictures of docs/images.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { launchBrowser } from '../../tools/docs/browser.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { useStack } from './suite-stack.ts';

await prepareCheckout();
// Compiled code.
const { gateway, gatewayUrl } = await import('../support/api.ts');

const { SCREENSHOTS } = process.env;
const ADMIN = { username: 'admin', password: 'a superuser of the pages' };
const TIMEOUT_MS = 60_000;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

describe('in local', () => {
  useStack({ ENVIRONMENT: 'local', ADMIN_PASSWORD: ADMIN.password });

  it('/docs lists the routes of all services', async () => {
    const { page, close } = await open('/docs');
    await page.locator('.opblock').first().waitFor();
    const methods = await page.locator('.opblock-summary-method').allTextContents();
    const paths = await page.locator('.opblock-summary-path').allTextContents();
    await takePicture(page, 'docs');

    const listed = methods.map((method, index) => `${method} ${paths[index]?.replaceAll('\u200b', '')}`);
    const routes = (await operations()).map(({ route }) => route);
    assert.deepEqual(listed.sort(), routes.sort());
    await close();
  });

  it('/docs logs in and sends GET /user/me', async () => {
    const { page, close } = await open('/docs');
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
    const { page, close } = await open('/redoc');
    const headings = page.locator('h2');
    for (const { summary } of await operations())
      await headings.filter({ hasText: summary }).first().waitFor();

    await close();
  });

  // #region only with jobs
  it('/admin/queues shows the queues to superusers', async () => {
    const { page, close } = await open('/admin/queues', ADMIN);
    await page.getByText('tasks').first().waitFor();
    await takePicture(page, 'queues');

    await close();
  });
  // #endregion
});

describe('in staging', () => {
  // The documentation needs accounts, and the service that serves it.
  const without = SERVICE_NAMES.filter((name) => name !== 'auth' && name !== 'users').join(',');
  useStack({ ENVIRONMENT: 'staging', ADMIN_PASSWORD: ADMIN.password, WITHOUT_SERVICES: without });

  for (const path of ['/docs', '/redoc'] as const) {
    it(`${path} is for superusers, who log in at the prompt of the browser`, async () => {
      const { status, headers } = await gateway(`GET ${path}`);
      assert.equal(status, 401);
      assert.match(headers.get('WWW-Authenticate') ?? '', /^Basic /);

      const { page, close } = await open(path, ADMIN);
      await page.locator('.opblock, h2').filter({ hasText: 'Sign up' }).first().waitFor();
      await close();
    });
  }
});

/** Opens a page. Its `close` fails if the page sent a request to another host, or if a script of it failed. */
async function open(path: string, httpCredentials?: typeof ADMIN) {
  const viewport = { width: 1100, height: 760 };
  const context = await browser.newContext({ viewport, httpCredentials });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== gatewayUrl()) faults.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(gatewayUrl() + path);
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, close };
}

async function operations(): Promise<{ route: string; summary: string }[]> {
  const { paths } = (await gateway('GET /openapi.json')).body as {
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
