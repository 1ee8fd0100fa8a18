import { describe, expect, it } from '@jest/globals';
import { api, gateway } from '../../support/api.ts';
import { claimsOf, createUser, refreshCookie } from '../../support/users.ts';

const WEEK_SECONDS = 7 * 86_400;

describe('a login', () => {
  it('returns an access token with these claims, and a refresh token in a cookie with these attributes', async () => {
    const { id, username, password } = await createUser();
    const response = await api('POST /login', { form: { username, password } });

    expect(claimsOf(response.body.access_token)).toEqual({
      sub: String(id),
      username,
      is_superuser: false,
      tier_id: null,
      sid: expect.any(String),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      iss: expect.any(String),
      aud: expect.any(String),
      token_type: 'access',
    });
    const [value, ...attributes] = refreshCookie(response).split('; ');
    expect(value).toMatch(/^refresh_token=\S+$/);
    expect(new Set(attributes)).toEqual(
      new Set(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', `Max-Age=${WEEK_SECONDS}`]),
    );
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('the JWKS', () => {
  it('contains public keys only', async () => {
    const { status, body } = await gateway('GET /.well-known/jwks.json');

    expect(status).toBe(200);
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) {
      expect(key).toEqual({
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      });
    }
  });
});
