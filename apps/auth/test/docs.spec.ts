import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, startAuthApp } from './auth-app.js';

const PAGES = ['/docs', '/docs/', '/redoc', '/openapi.json'];
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'redoc.standalone.js', 'start.js'];

describe('the documentation in local', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp();
  });
  afterAll(() => app.close());

  it.each(PAGES)('is open: %s', async (path) => {
    const answer = await fetch(app.url + path);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(ASSETS)('brings its asset %s along', async (asset) => {
    const answer = await fetch(`${app.url}/docs/${asset}`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
  });

  it.each(['/docs', '/redoc'])('loads nothing of %s from another host', async (path) => {
    const page = await fetch(app.url + path).then((answer) => answer.text());

    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^\/docs\//);
  });

  it('leaves out what Redoc would ask another host for', async () => {
    const script = await fetch(`${app.url}/docs/redoc.standalone.js`).then((answer) => answer.text());

    expect(script).not.toContain('cdn.redoc.ly');
  });

  it.each(['package.json', '..%2Fpackage.json', '%2e%2e%2fpackage.json', 'constructor'])(
    'serves no other file: %s',
    async (name) => {
      expect((await fetch(`${app.url}/docs/${name}`)).status).toBe(404);
    },
  );

  it('is one OpenAPI 3.1 document of all services, with the names of this installation', async () => {
    const document = (await fetch(`${app.url}/openapi.json`).then((answer) => answer.json())) as any;

    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({
      title: 'NestJS microservices boilerplate',
      version: '0.1.0',
      description: expect.any(String),
      license: { name: 'MIT' },
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
