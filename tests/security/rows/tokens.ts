import type { Attack } from '../attack.js';
import {
  claimsOf,
  encode,
  foreign,
  headerOf,
  mirrored,
  signatureOf,
  trusted,
  unsigned,
  withPublicKeyAsSecret,
} from '../forge.js';
import type { World } from '../world.js';
import { api } from '../../support/gateway.js';
import { join } from '../../support/people.js';

const REFUSED = '401 User not authenticated.';
const NOT_LOGGED_IN = '401 Not authenticated';
const now = () => Math.floor(Date.now() / 1000);

/** A token, presented where only its user has business. */
function forgery(name: string, asvs: string, make: (world: World) => string | Promise<string>): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: async (world) => api('GET /user/me', { token: await make(world) }),
    right: REFUSED,
  };
}

/** The token of the world, with another header and another payload under its old signature. */
function altered(world: World, header: object, claims: object): string {
  const { token } = world.alice;
  const parts = [
    { ...headerOf(token), ...header },
    { ...claimsOf(token), ...claims },
  ].map(encode);
  return `${parts.join('.')}.${signatureOf(token)}`;
}

export const TOKENS: Attack[] = [
  forgery('algorithm "none", without a signature', '9.1.2', (world) => unsigned(world, 'none')),
  forgery('algorithm "NoNe", without a signature', '9.1.2', (world) => unsigned(world, 'NoNe')),
  forgery('algorithm "none" over a genuine signature', '9.1.2', (world) =>
    altered(world, { alg: 'none' }, {}),
  ),
  forgery('no algorithm at all', '9.1.2', (world) => altered(world, { alg: undefined }, {})),
  forgery('algorithm "ES384" for a P-256 key', '9.1.2', (world) => trusted(world, {}, { alg: 'ES384' })),
  forgery('HS256 with the public key (PEM) for a secret', '9.1.2', (world) =>
    withPublicKeyAsSecret(world, 'pem'),
  ),
  forgery('HS256 with the public key (JWK) for a secret', '9.1.2', (world) =>
    withPublicKeyAsSecret(world, 'jwk'),
  ),
  forgery('a foreign key under a known key id', '9.1.1', (world) => foreign(world)),
  forgery('a foreign key under an unknown key id', '9.1.3', (world) => foreign(world, { kid: 'mine' })),
  forgery('a foreign key that the token brings along (jwk)', '9.1.3', (world) =>
    foreign(world, { kid: undefined, jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }),
  ),
  forgery('a foreign key set that the token points at (jku)', '9.1.3', (world) =>
    foreign(world, { kid: 'mine', jku: 'http://127.0.0.1:1/jwks.json' }),
  ),
  forgery('a foreign certificate that the token points at (x5u)', '9.1.3', (world) =>
    foreign(world, { kid: 'mine', x5u: 'http://127.0.0.1:1/cert.pem' }),
  ),
  forgery('a key id that is a path', '9.1.3', (world) => foreign(world, { kid: '../../../../dev/null' })),
  forgery('a key id that is SQL', '1.2.4', (world) => foreign(world, { kid: "' OR ''='" })),
  forgery('a key id that is an object', '9.1.3', (world) => foreign(world, { kid: { $ne: null } })),
  forgery('no key id', '9.1.3', (world) => trusted(world, {}, { kid: undefined })),
  forgery('a critical extension that nobody knows (crit)', '9.1.1', (world) =>
    trusted(world, {}, { crit: ['exotic'], exotic: true }),
  ),
  forgery('a payload that claims to be a superuser', '9.1.1', (world) =>
    altered(world, {}, { is_superuser: true }),
  ),
  forgery('a payload that claims to be user 1', '9.1.1', (world) => altered(world, {}, { sub: '1' })),
  forgery('no signature', '9.1.1', ({ alice }) => alice.token.replace(/[^.]+$/, '')),
  forgery('a signature of zeros', '9.1.1', ({ alice }) =>
    alice.token.replace(/[^.]+$/, Buffer.alloc(64).toString('base64url')),
  ),
  forgery('half of a signature', '9.1.1', ({ alice }) => alice.token.slice(0, -43)),
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
  forgery('an expired token', '9.2.1', (world) => trusted(world, { exp: now() - 1 })),
  forgery('a token that never expires', '9.2.1', (world) => trusted(world, {}, {}, ['exp'])),
  forgery('an expiry that is a text', '9.2.1', (world) => trusted(world, { exp: '9999999999' })),
  forgery('a token that is not valid yet', '9.2.1', (world) => trusted(world, { nbf: now() + 600 })),
  forgery('a token of another issuer', '9.2.3', (world) => trusted(world, { iss: 'evil' })),
  forgery('a token without an issuer', '9.2.3', (world) => trusted(world, {}, {}, ['iss'])),
  forgery('a token for another audience', '9.2.3', (world) => trusted(world, { aud: 'other' })),
  forgery('a token without an audience', '9.2.3', (world) => trusted(world, {}, {}, ['aud'])),
  forgery('a refresh token in place of an access token', '9.2.2', ({ alice }) => alice.cookie.split('=')[1]!),
  forgery('a token whose type is plain "JWT"', '9.2.2', (world) => trusted(world, {}, { typ: 'JWT' })),
  forgery('a refresh token in the dress of an access token', '9.2.2', (world) =>
    trusted(world, { token_type: 'refresh' }, { typ: 'at+jwt' }),
  ),
  forgery('a token without a subject', '9.1.1', (world) => trusted(world, {}, {}, ['sub'])),
  forgery('a subject that is SQL', '1.2.4', (world) => trusted(world, { sub: '1 OR 1=1' })),
  forgery('a subject that is a number', '15.3.5', (world) => trusted(world, { sub: 1 })),
  forgery('privileges that are a text', '15.3.5', (world) => trusted(world, { is_superuser: 'true' })),
  forgery('a payload that is a list', '15.3.5', (world) => {
    const [header] = world.alice.token.split('.');
    return `${header}.${encode([1])}.${signatureOf(world.alice.token)}`;
  }),
  forgery('a token of five parts', '9.1.1', ({ alice }) => `${alice.token}.e30.e30`),
  forgery('a token of 6,000 characters', '9.1.1', ({ alice }) => alice.token + 'A'.repeat(6_000)),
  {
    name: 'a token in the query',
    asvs: '14.2.1',
    api: 'API2',
    attempt: ({ alice }) => api(`GET /user/me?access_token=${alice.token}&token=${alice.token}`),
    right: NOT_LOGGED_IN,
  },
  {
    name: 'a token in a cookie',
    asvs: '3.5.1',
    api: 'API2',
    attempt: ({ alice }) =>
      api('GET /user/me', { headers: { Cookie: `access_token=${alice.token}; token=${alice.token}` } }),
    right: NOT_LOGGED_IN,
  },
  {
    name: 'a token under another scheme',
    asvs: '7.2.1',
    api: 'API2',
    attempt: ({ alice }) => api('GET /user/me', { headers: { Authorization: `Token ${alice.token}` } }),
    right: NOT_LOGGED_IN,
  },
  {
    name: 'a good token after a bad one in one header',
    asvs: '7.2.1',
    api: 'API2',
    attempt: ({ alice }) =>
      api('GET /user/me', { headers: { Authorization: `Bearer x, Bearer ${alice.token}` } }),
    right: NOT_LOGGED_IN,
  },
  {
    name: 'the mirrored signature of a logged-out token',
    asvs: '7.4.1',
    api: 'API2',
    attempt: async () => {
      const { token } = await join();
      await api('POST /logout', { token });
      return api('GET /user/me', { token: mirrored(token) });
    },
    right: REFUSED,
  },
];
