import type { Attack } from '../attack.ts';
import {
  altered,
  encode,
  mirrored,
  signatureOf,
  unsigned,
  withForeignKey,
  withPublicKeyAsSecret,
  withTrustedKey,
} from '../forge.ts';
import type { Fixture } from '../fixture.ts';
import { api } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';

const REFUSED = '401 User not authenticated.';
const NOT_LOGGED_IN = '401 Not authenticated';
const now = () => Math.floor(Date.now() / 1000);

/** A token that is sent to a route for users. */
function forgery(name: string, asvs: string, make: (fixture: Fixture) => string | Promise<string>): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: async (fixture) => api('GET /user/me', { token: await make(fixture) }),
    expected: REFUSED,
  };
}

export const TOKENS: Attack[] = [
  forgery('algorithm "none", without a signature', '9.1.2', (fixture) => unsigned(fixture, 'none')),
  forgery('algorithm "NoNe", without a signature', '9.1.2', (fixture) => unsigned(fixture, 'NoNe')),
  forgery('algorithm "none" over a genuine signature', '9.1.2', (fixture) =>
    altered(fixture, { alg: 'none' }, {}),
  ),
  forgery('no algorithm', '9.1.2', (fixture) => altered(fixture, { alg: undefined }, {})),
  forgery('algorithm "ES384" for a P-256 key', '9.1.2', (fixture) =>
    withTrustedKey(fixture, {}, { alg: 'ES384' }),
  ),
  forgery('HS256 with the public key (PEM) as the secret', '9.1.2', (fixture) =>
    withPublicKeyAsSecret(fixture, 'pem'),
  ),
  forgery('HS256 with the public key (JWK) as the secret', '9.1.2', (fixture) =>
    withPublicKeyAsSecret(fixture, 'jwk'),
  ),
  forgery('a foreign key under a known key id', '9.1.1', (fixture) => withForeignKey(fixture)),
  forgery('a foreign key under an unknown key id', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: 'mine' }),
  ),
  forgery('a foreign key in the header (jwk)', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: undefined, jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }),
  ),
  forgery('the address of a foreign key set in the header (jku)', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: 'mine', jku: 'http://127.0.0.1:1/jwks.json' }),
  ),
  forgery('the address of a foreign certificate in the header (x5u)', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: 'mine', x5u: 'http://127.0.0.1:1/cert.pem' }),
  ),
  forgery('a key id that is a path', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: '../../../../dev/null' }),
  ),
  forgery('a key id that is SQL', '1.2.4', (fixture) => withForeignKey(fixture, { kid: "' OR ''='" })),
  forgery('a key id that is an object', '9.1.3', (fixture) =>
    withForeignKey(fixture, { kid: { $ne: null } }),
  ),
  forgery('no key id', '9.1.3', (fixture) => withTrustedKey(fixture, {}, { kid: undefined })),
  forgery('an unknown critical extension (crit)', '9.1.1', (fixture) =>
    withTrustedKey(fixture, {}, { crit: ['exotic'], exotic: true }),
  ),
  forgery('a payload that claims to be a superuser', '9.1.1', (fixture) =>
    altered(fixture, {}, { is_superuser: true }),
  ),
  forgery('a payload that claims to be user 1', '9.1.1', (fixture) => altered(fixture, {}, { sub: '1' })),
  forgery('no signature', '9.1.1', ({ alice }) => alice.token.replace(/[^.]+$/, '')),
  forgery('a signature of zeros', '9.1.1', ({ alice }) =>
    alice.token.replace(/[^.]+$/, Buffer.alloc(64).toString('base64url')),
  ),
  forgery('a truncated signature', '9.1.1', ({ alice }) => alice.token.slice(0, -43)),
  forgery('a signature in DER', '9.1.1', ({ alice }) => {
    const raw = Buffer.from(signatureOf(alice.token), 'base64url');
    const der = Buffer.concat([
      Buffer.from([0x30, 68, 2, 32]),
      raw.subarray(0, 32),
      Buffer.from([2, 32]),
      raw.subarray(32),
    ]);
    return alice.token.replace(/[^.]+$/, der.toString('base64url'));
  }),
  forgery('an expired token', '9.2.1', (fixture) => withTrustedKey(fixture, { exp: now() - 1 })),
  forgery('a token that never expires', '9.2.1', (fixture) => withTrustedKey(fixture, {}, {}, ['exp'])),
  forgery('an expiry that is a string', '9.2.1', (fixture) => withTrustedKey(fixture, { exp: '9999999999' })),
  forgery('a token that is not valid yet', '9.2.1', (fixture) =>
    withTrustedKey(fixture, { nbf: now() + 600 }),
  ),
  forgery('a token of another issuer', '9.2.3', (fixture) => withTrustedKey(fixture, { iss: 'evil' })),
  forgery('a token without an issuer', '9.2.3', (fixture) => withTrustedKey(fixture, {}, {}, ['iss'])),
  forgery('a token for another audience', '9.2.3', (fixture) => withTrustedKey(fixture, { aud: 'other' })),
  forgery('a token without an audience', '9.2.3', (fixture) => withTrustedKey(fixture, {}, {}, ['aud'])),
  forgery('a refresh token in place of an access token', '9.2.2', ({ alice }) => alice.cookie.split('=')[1]!),
  forgery('a token whose type is plain "JWT"', '9.2.2', (fixture) =>
    withTrustedKey(fixture, {}, { typ: 'JWT' }),
  ),
  forgery('a refresh token with the type of an access token', '9.2.2', (fixture) =>
    withTrustedKey(fixture, { token_type: 'refresh' }, { typ: 'at+jwt' }),
  ),
  forgery('a token without a subject', '9.1.1', (fixture) => withTrustedKey(fixture, {}, {}, ['sub'])),
  forgery('a subject that is SQL', '1.2.4', (fixture) => withTrustedKey(fixture, { sub: '1 OR 1=1' })),
  forgery('a subject that is a number', '15.3.5', (fixture) => withTrustedKey(fixture, { sub: 1 })),
  forgery('a privilege that is a string', '15.3.5', (fixture) =>
    withTrustedKey(fixture, { is_superuser: 'true' }),
  ),
  forgery('a payload that is a list', '15.3.5', (fixture) => {
    const [header] = fixture.alice.token.split('.');
    return `${header}.${encode([1])}.${signatureOf(fixture.alice.token)}`;
  }),
  forgery('a token of five parts', '9.1.1', ({ alice }) => `${alice.token}.e30.e30`),
  forgery('a token of 6,000 characters', '9.1.1', ({ alice }) => alice.token + 'A'.repeat(6_000)),
  {
    name: 'a token in the query',
    asvs: '14.2.1',
    api: 'API2',
    attempt: ({ alice }) => api(`GET /user/me?access_token=${alice.token}&token=${alice.token}`),
    expected: NOT_LOGGED_IN,
  },
  {
    name: 'a token in a cookie',
    asvs: '3.5.1',
    api: 'API2',
    attempt: ({ alice }) =>
      api('GET /user/me', { headers: { Cookie: `access_token=${alice.token}; token=${alice.token}` } }),
    expected: NOT_LOGGED_IN,
  },
  {
    name: 'a token under another scheme',
    asvs: '7.2.1',
    api: 'API2',
    attempt: ({ alice }) => api('GET /user/me', { headers: { Authorization: `Token ${alice.token}` } }),
    expected: NOT_LOGGED_IN,
  },
  {
    name: 'a valid token after an invalid one in one header',
    asvs: '7.2.1',
    api: 'API2',
    attempt: ({ alice }) =>
      api('GET /user/me', { headers: { Authorization: `Bearer x, Bearer ${alice.token}` } }),
    expected: NOT_LOGGED_IN,
  },
  {
    name: 'the second signature of a token after its logout',
    asvs: '7.4.1',
    api: 'API2',
    attempt: async () => {
      const { token } = await createUser();
      await api('POST /logout', { token });
      return api('GET /user/me', { token: mirrored(token) });
    },
    expected: REFUSED,
  },
];
