import type { Attack } from '../attack.ts';
import { api } from '../../support/api.ts';
import { newUser, uniqueName } from '../../support/users.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const NOT_FOUND = '404 User not found';

/** A sign-up with this body. */
function body(
  name: string,
  asvs: string,
  raw: string | Uint8Array,
  expected: string,
  headers: Record<string, string> = JSON_TYPE,
): Attack {
  return { name, asvs, api: 'API8', attempt: () => api('POST /user', { raw, headers }), expected };
}

/** A sign-up that is valid except for these fields. */
function field(name: string, asvs: string, fields: object, expected = '422'): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: () => api('POST /user', { body: { ...newUser(), ...fields } }),
    expected,
  };
}

/** A post that is valid except for these fields. */
function post(name: string, asvs: string, fields: object, expected = '422'): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: ({ alice: { token, username } }) =>
      api(`POST /${username}/post`, { token, body: { title: 'A post', text: 'Its text.', ...fields } }),
    expected,
  };
}

/** A rate limit, as it is written in the JSON. */
function limit(number: string, expected = '422'): Attack {
  return {
    name: `the number ${number} in a body`,
    asvs: '1.4.2',
    api: 'API8',
    attempt: ({ admin }) =>
      api('POST /tier/nothing/rate_limit', {
        token: admin,
        raw: `{"path":"api/v1/tasks/task","limit":${number},"period":60}`,
        headers: JSON_TYPE,
      }),
    expected,
  };
}

/** The number of a page, as it is written in the query. */
function page(number: string, expected = '422'): Attack {
  return {
    name: `the page "${number}"`,
    asvs: '1.4.2',
    api: 'API8',
    attempt: () => api(`GET /users?page=${encodeURIComponent(number)}`),
    expected,
  };
}

/** A segment of the path. */
function path(name: string, asvs: string, segment: string, expected: string): Attack {
  return { name, asvs, api: 'API8', attempt: () => api(`GET /user/${segment}`), expected };
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const valid = () => JSON.stringify(newUser());

export const BODIES: Attack[] = [
  body('truncated JSON', '2.2.1', '{"name": "x', '422'),
  body('JSON with a comment', '1.5.3', `/* */ ${valid()}`, '422'),
  body('JSON with a trailing comma', '1.5.3', valid().replace('}', ',}'), '422'),
  body('JSON with NaN', '1.5.3', '{"name": NaN}', '422'),
  body('two JSON values', '1.5.3', valid() + valid(), '422'),
  body('an array instead of an object', '15.3.5', `[${valid()}]`, '422'),
  body('a string instead of an object', '15.3.5', '"name"', '422'),
  body('an empty body', '2.2.1', '', '422'),
  body('JSON 33 levels deep', '15.2.2', `{"name": ${nested(33)}}`, '400'),
  body('JSON 7,000 levels deep', '15.2.2', `{"name": ${nested(7_000)}}`, '400'),
  body('the key __proto__', '15.3.6', valid().replace('{', '{"__proto__": {"is_superuser": true},'), '422'),
  body(
    'the key constructor',
    '15.3.6',
    valid().replace('{', '{"constructor": {"prototype": {"is_superuser": true}},'),
    '422',
  ),
  body('the escaped key __proto__', '15.3.6', valid().replace('{', '{"\\u005f\\u005fproto__": {},'), '422'),
  body(
    'invalid UTF-8',
    '2.2.1',
    Buffer.concat([Buffer.from('{"name": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    '422',
  ),
  body(
    'overlong UTF-8',
    '1.1.1',
    Buffer.concat([Buffer.from('{"name": "'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    '422',
  ),
  body('JSON in UTF-16', '1.1.1', Buffer.from(valid(), 'utf16le'), '415', {
    'Content-Type': 'application/json; charset=utf-16',
  }),
  body('a compressed body', '15.2.2', Buffer.from('H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==', 'base64'), '415', {
    ...JSON_TYPE,
    'Content-Encoding': 'gzip',
  }),
  body(
    'XML with an external entity',
    '1.5.1',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    '415',
    { 'Content-Type': 'application/xml' },
  ),
  body('JSON with the type text/plain', '4.1.1', valid(), '415', { 'Content-Type': 'text/plain' }),
  body('a form instead of JSON', '4.1.1', 'name=x', '415', {
    'Content-Type': 'application/x-www-form-urlencoded',
  }),
  body(
    'a file instead of JSON',
    '5.2.1',
    '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--x--\r\n',
    '415',
    { 'Content-Type': 'multipart/form-data; boundary=x' },
  ),
  field('a number as name', '15.3.5', { name: 12 }),
  field('an array as name', '15.3.5', { name: ['x', 'y'] }),
  field('an object as name', '15.3.5', { name: { $gt: '' } }),
  field('null as name', '2.2.1', { name: null }),
  field('a name of spaces', '2.2.1', { name: '     ' }),
  field('a name of 31 characters', '2.2.1', { name: 'x'.repeat(31) }),
  field('NUL in a name', '2.2.1', { name: 'x\0y' }),
  field('a lone surrogate in a name', '2.2.1', { name: 'x\ud800y' }),
  field('capitals in a username', '2.2.1', { username: 'Admin' }),
  field('a Cyrillic letter in a username', '2.2.1', { username: '\u0430dmin' }),
  field('a line break after a username', '2.2.1', { username: `${uniqueName()}\n` }),
  field('a path as username', '5.3.2', { username: '../admin' }),
  field('a mail header in an email address', '1.3.11', { email: 'x@example.com\r\nBcc: y@example.com' }),
  field('an email address with a display name', '2.2.1', { email: 'Admin <admin@example.com>' }),
  field('two email addresses in one field', '2.2.1', { email: 'x@example.com,y@example.com' }),
  post('a javascript: URL', '1.2.2', { media_url: 'javascript:alert(1)' }),
  post('a data: URL', '1.2.2', { media_url: 'data:text/html,<script>alert(1)</script>' }),
  post('a file: URL', '1.3.6', { media_url: 'file:///etc/passwd' }),
  post('a URL of 2,049 characters', '2.2.1', { media_url: `https://example.com/${'x'.repeat(2_029)}` }),
  post('a text of 63,207 characters', '2.2.1', { text: 'x'.repeat(63_207) }),
  post(
    'a URL of the internal network, which is stored and not requested',
    '1.3.6',
    { media_url: 'http://169.254.169.254/latest/meta-data/' },
    '201',
  ),
  {
    name: 'HTML in a text',
    asvs: '3.2.1',
    api: 'API8',
    attempt: async ({ alice: { token, username } }) => {
      const text = '<script>alert(1)</script>{{7*7}}${7*7}';
      const created = await api(`POST /${username}/post`, { token, body: { title: 'A post', text } });
      const { body, headers } = await api(`GET /${username}/post/${created.body.id}`);
      const state = body.text === text ? 'unchanged' : 'changed';
      return `${state}, ${headers.get('content-type')}, ${headers.get('x-content-type-options')}`;
    },
    expected: 'unchanged, application/json; charset=utf-8, nosniff',
  },
  ...['1e2', '100.0'].map((number) => limit(number, '404')),
  ...[
    '"5"',
    '1.5',
    '2147483648',
    '-1',
    '0',
    '1e400',
    'true',
    '[5]',
    '05',
    '0x10',
    '99999999999999999999',
  ].map((number) => limit(number)),
  ...[
    '1.5',
    '1e2',
    '0x10',
    '-1',
    '0',
    ' 1',
    '1 ',
    '+1',
    '1_000',
    '\u0661',
    '2147483648',
    '99999999999999999999',
    'NaN',
    '1;DROP TABLE users',
    '1 UNION SELECT 1',
    '',
  ].map((number) => page(number)),
  {
    name: 'two pages in a query',
    asvs: '15.3.7',
    api: 'API8',
    attempt: () => api('GET /users?page=1&page=2'),
    expected: '422',
  },
  {
    name: 'query operators in a query',
    asvs: '15.3.5',
    api: 'API8',
    attempt: () => api('GET /users?page[$gt]=1&items_per_page[]=5'),
    expected: '422',
  },
  {
    name: 'SQL as cursor',
    asvs: '1.2.4',
    api: 'API8',
    attempt: () => api(`GET /users?cursor=${Buffer.from('1 OR 1=1').toString('base64url')}`),
    expected: '422',
  },
  path('SQL in a path', '1.2.4', encodeURIComponent("x' OR '1'='1"), NOT_FOUND),
  path('an encoded path in a path', '5.3.2', '..%2f..%2f..%2fetc%2fpasswd', '404 Not Found'),
  path('a path encoded twice', '1.1.1', '%252e%252e%252fetc%252fpasswd', NOT_FOUND),
  path('NUL in a path', '2.2.1', 'admin%00', '400'),
  path('invalid UTF-8 in a path', '1.1.1', '%ff%fe', '400'),
  path('line breaks in a path', '4.2.4', 'x%0d%0aX-Evil:%201', NOT_FOUND),
  path(
    'a template in a path',
    '1.3.7',
    encodeURIComponent('{{constructor.constructor("return 1")()}}'),
    NOT_FOUND,
  ),
  path('a command in a path', '1.2.5', encodeURIComponent('$(id)`id`;id'), NOT_FOUND),
  {
    name: 'an id beyond int4 in a path',
    asvs: '1.4.2',
    api: 'API8',
    attempt: ({ alice }) => api(`GET /${alice.username}/post/99999999999999999999`),
    expected: '422',
  },
];
