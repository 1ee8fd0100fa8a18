// The examples of docs/guides/front-ends.md: node --test tests/system/front-ends.ts
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it, mock } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../tools/docs/browser.ts';
import { freePort } from '../../tools/lib/ports.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { browserFetch } from '../support/browser-fetch.ts';
import { createDevServer } from './front-ends/dev-proxy.ts';
import type { SecureStore } from './front-ends/mobile-app.ts';
import { useStack } from './suite-stack.ts';

await prepareCheckout();
// Compiled code.
const { gatewayUrl } = await import('../support/api.ts');
const { createUser, newUser } = await import('../support/users.ts');
const { apiClient } = await import('@repo/testing/api-client');
const { openPage } = await import('./front-ends/page.ts');
const { openApi } = await import('./front-ends/mobile-app.ts');
const { readUsernames } = await import('./front-ends/server.ts');

const SITE = 'https://app.example';
const PAGE_PORT = await freePort();
/** The shortest that there is. */
const TOKEN_LIFETIME_MS = 60_000;
const PAGE_ORIGIN = `http://localhost:${PAGE_PORT}`;

describe('the example of', () => {
  useStack({
    CORS_ORIGINS: `${SITE},${PAGE_ORIGIN}`,
    REFRESH_TOKEN_IN_BODY: 'true',
    ACCESS_TOKEN_EXPIRE_MINUTES: '1',
    LOG_LEVEL: 'error',
  });
  const servers: http.Server[] = [];
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
    servers.push(createPageServer(gatewayUrl()).listen(PAGE_PORT, 'localhost'));
  });
  after(() => browser?.close());
  afterEach(() => mock.restoreAll());
  after(() => servers.forEach((server) => server.close()));

  it('a page on another origin', async () => {
    const { name, username, password } = await createUser();
    mock.method(globalThis, 'fetch', browserFetch(SITE));
    const shown: string[] = [];
    const open = () => openPage(gatewayUrl(), (text) => shown.push(text));

    const page = await open();
    await page.logIn(username, 'wrong');
    await page.logIn(username, password);
    await (await open()).logOut();
    await open();

    const hello = `Hello, ${name}`;
    const wrong = 'Wrong username, email or password.';
    assert.deepEqual(shown, ['Log in', wrong, hello, hello, 'Log in', 'Log in']);
  });

  it('a page on another origin, in Chromium with two tabs', async () => {
    const { name, username, password } = await createUser();
    const context = await browser.newContext();
    const open = async () => {
      const tab = await context.newPage();
      await tab.goto(PAGE_ORIGIN);
      return tab;
    };
    const [first, second] = [await open(), await open()];
    const hello = `Hello, ${name}`;

    await shows(first, 'Log in');
    await call(first, `logIn('${username}', '${password}')`);
    await shows(first, hello);
    await first.reload();
    await shows(first, hello);
    await Promise.all([first.reload(), second.reload()]);
    await shows(first, hello);
    await shows(second, hello);
    await call(second, 'logOut()');
    await shows(second, 'Log in');
    await first.reload();
    await shows(first, 'Log in');
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  });

  it('a page on another origin, in Chromium: sign-up, and an access token that expires', async () => {
    const { name, ...user } = newUser();
    const tab = await browser.newPage();
    const refreshed: number[] = [];
    tab.on('response', (response) => {
      if (response.url().endsWith('/refresh')) refreshed.push(response.status());
    });
    await tab.goto(PAGE_ORIGIN);
    await shows(tab, 'Log in');
    await call(tab, `signUp(${JSON.stringify({ name, ...user })})`);
    await shows(tab, `Hello, ${name}`);
    assert.deepEqual(refreshed, [401]); // when the page was opened, without a session

    await delay(TOKEN_LIFETIME_MS);
    await call(tab, 'showUser()');

    await shows(tab, `Hello, ${name}`);
    assert.deepEqual(refreshed, [401, 200]);
    await tab.close();
  });

  // #region only with jobs
  it('a stream of a task, in Chromium', async () => {
    const { token } = await createUser();
    const tab = await browser.newPage();
    await tab.goto(PAGE_ORIGIN);

    const states: { success: boolean | null }[] = await tab.evaluate(`(async () => {
      const { watchTask } = await import('/task-stream.js');
      const tasks = '${gatewayUrl()}/api/v1/tasks/task';
      const headers = { Authorization: 'Bearer ${token}' };
      const { id } = await (await fetch(tasks + '?message=hello', { method: 'POST', headers })).json();
      const states = [];
      for await (const task of watchTask(tasks + '/' + id, () => '${token}')) states.push(task);
      return states;
    })()`);

    assert.equal(states.at(-1)?.success, true);
    assert.ok(states.length > 1, JSON.stringify(states));
    await tab.close();
  });
  // #endregion

  it('a page whose origin is not listed', async () => {
    const { username, password } = await createUser();
    mock.method(globalThis, 'fetch', browserFetch('https://other.example'));
    const shown: string[] = [];

    await (await openPage(gatewayUrl(), (text) => shown.push(text))).logIn(username, password);

    assert.match(shown[1] ?? '', /https:\/\/other\.example may not read/);
  });

  it('a development proxy', async () => {
    const { username, password } = await createUser();
    const logIn = async (server: http.Server) => {
      servers.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      assert.equal(await (await fetch(origin)).text(), '<h1>Shop</h1>');
      const headers = { Origin: origin };
      const answer = await apiClient(`${origin}/api/v1`)('POST /login', {
        form: { username, password },
        headers,
      });
      return { origin, ...answer };
    };

    assert.equal((await logIn(createDevServer(gatewayUrl(), '<h1>Shop</h1>'))).status, 200);

    const server = createDevServer(gatewayUrl(), '<h1>Shop</h1>');
    server.prependListener('request', ({ headers }: http.IncomingMessage) => {
      headers.host = new URL(gatewayUrl()).host; // as with `changeOrigin`
    });
    const { status, body, origin } = await logIn(server);
    assert.equal(status, 403);
    assert.ok(body.detail.includes(origin) && body.detail.includes('CORS_ORIGINS'), body.detail);
  });

  it('a mobile app', async () => {
    const { username, password } = await createUser();
    const items = new Map<string, string>();
    const store: SecureStore = {
      getItemAsync: async (key) => items.get(key) ?? null,
      setItemAsync: async (key, value) => void items.set(key, value),
      deleteItemAsync: async (key) => void items.delete(key),
    };
    const open = () => openApi(gatewayUrl(), store);

    assert.equal((await (await open()).logIn(username, password)).error, undefined);
    const restarted = await open();
    assert.equal((await restarted.GET('/api/v1/user/me')).data?.username, username);
    assert.equal((await restarted.logOut()).data?.message, 'Logged out successfully');

    assert.equal(items.size, 0);
    assert.equal(await (await open()).resume(), false);
  });

  it('a server', async () => {
    const { username, password } = await createUser();

    assert.ok((await readUsernames(gatewayUrl(), username, password)).includes(username));
    await assert.rejects(readUsernames(gatewayUrl(), username, 'wrong'), /Wrong username/);
  });
});

const shows = (tab: Page, text: string) => tab.getByText(text, { exact: true }).waitFor();
const call = (tab: Page, expression: string) => tab.evaluate(`page.${expression}`);

/** Serves the page of the example, and the typed client as modules. */
function createPageServer(apiUrl: string): http.Server {
  const files: Record<string, string> = {
    'page.js': 'tests/system/front-ends/page.ts',
    // #region only with jobs
    'task-stream.js': 'tests/system/front-ends/task-stream.ts',
    // #endregion
    'openapi-fetch.js': 'packages/api-client/node_modules/openapi-fetch/dist/index.mjs',
    ...Object.fromEntries(
      ['index', 'session', 'problems'].map((name) => [`${name}.js`, `packages/api-client/dist/${name}.js`]),
    ),
  };
  const imports = { '@repo/api-client': '/index.js', 'openapi-fetch': '/openapi-fetch.js' };
  const page = `<p></p>
    <script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">
      import { openPage } from '/page.js';
      const show = (text) => (document.querySelector('p').textContent = text);
      window.page = await openPage('${apiUrl}', show);
    </script>`;
  return http.createServer(({ url = '/' }, response) => {
    const file = files[url.slice(1)];
    response.setHeader('Content-Type', file ? 'text/javascript' : 'text/html');
    const text = file && readFileSync(join(ROOT, file), 'utf8');
    response.end(text && file.endsWith('.ts') ? stripTypeScriptTypes(text) : (text ?? page));
  });
}
