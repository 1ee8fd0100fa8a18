import { describe, expect, it } from '@jest/globals';
import { gateway } from '../../support/api.ts';
import { ALL_ROUTES } from '../../support/routes.ts';

interface Operation {
  security?: object[];
}

const document = async () => (await gateway('GET /openapi.json')).body;

describe('the OpenAPI document', () => {
  it('has version 3.1 and describes the whole system', async () => {
    const { openapi, info, components } = await document();

    expect(openapi).toMatch(/^3\.1\.\d$/);
    expect(info).toMatchObject({
      title: expect.any(String),
      version: expect.any(String),
      description: expect.any(String),
      license: { name: expect.any(String) },
    });
    expect(components.securitySchemes.OAuth2PasswordBearer).toMatchObject({
      type: 'oauth2',
      flows: { password: { tokenUrl: '/api/v1/login' } },
    });
  });

  it('contains every route of the API and no other', async () => {
    const paths = (await document()).paths as Record<string, Record<string, Operation>>;
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = ALL_ROUTES.map(([route]) => route.replace(' ', ' /api/v1'));

    expect(described.filter((route) => route.includes('/api/v1/')).sort()).toEqual(served.sort());
  });

  it('states which routes need a token', async () => {
    const { paths } = await document();
    for (const [route, access] of ALL_ROUTES) {
      const [method, path] = route.split(' ') as [string, string];
      const { security = [] } = paths[`/api/v1${path}`][method.toLowerCase()] as Operation;
      const needed = security.length > 0 && security.every((way) => 'OAuth2PasswordBearer' in way);
      expect([route, needed]).toEqual([route, access !== 'anyone']);
    }
  });
});

describe('the documentation pages', () => {
  it.each(['/docs', '/redoc'] as const)(
    'are served with all their assets by the gateway: %s',
    async (path) => {
      const page = await gateway(`GET ${path}`);
      const assets = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path!);

      expect(page.status).toBe(200);
      expect(page.headers.get('Content-Type')).toMatch(/^text\/html/);
      expect(assets.length).toBeGreaterThan(0);
      for (const asset of assets) {
        expect(asset).toMatch(/^\/(docs|redoc)\/[\w.-]+$/);
        const { status, headers } = await gateway(`GET ${asset as '/'}`);
        expect([asset, status]).toEqual([asset, 200]);
        expect(headers.get('Content-Type')).toMatch(/^(text\/(javascript|css)|image\/png)/);
      }
    },
  );
});
