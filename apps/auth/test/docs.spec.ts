import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, startAuthApp } from './auth-app.js';

const PAGES = ['/docs', '/docs/', '/redoc', '/openapi.json'];
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'redoc.standalone.js', 'start.js'];

describe('the documentation in a local environment', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp();
  });
  afterAll(() => app.close());

  /** Reads the whole body: a response that is not read to its end delays the close of the app. */
  const get = async (path: string) => {
    const response = await fetch(app.url + path);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it.each(PAGES)('returns %s without credentials', async (path) => {
    const response = await get(path);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each(ASSETS)('serves the asset %s', async (asset) => {
    const response = await get(`/docs/${asset}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
  });

  it.each(['/docs', '/redoc'])('links from %s only to assets of this service', async (path) => {
    const { text: page } = await get(path);

    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^\/docs\//);
  });

  it('serves Redoc without its link to another host', async () => {
    const { text: script } = await get('/docs/redoc.standalone.js');

    expect(script).not.toContain('cdn.redoc.ly');
  });

  it.each(['package.json', '..%2Fpackage.json', '%2e%2e%2fpackage.json', 'constructor'])(
    'returns 404 for the file name %s',
    async (name) => {
      expect((await get(`/docs/${name}`)).status).toBe(404);
    },
  );

  it('merges the routes of all services into one OpenAPI 3.1 document with the configured title', async () => {
    const document = JSON.parse((await get('/openapi.json')).text);

    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({
      title: 'NestJS microservices boilerplate',
      version: '0.1.0',
      description: expect.any(String),
      contact: { name: 'NestJS microservices boilerplate' },
      license: { name: 'MIT', identifier: 'MIT' },
    });
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/login', '/api/v1/user', '/api/v1/tier']),
    );
    expect(document.components.securitySchemes.OAuth2PasswordBearer).toMatchObject({
      type: 'oauth2',
      flows: { password: { tokenUrl: '/api/v1/login' } },
    });
  });
});
