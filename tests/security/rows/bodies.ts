import type { Attack } from '../attack.js';
import { api } from '../../support/gateway.js';
import { newUser, uniqueName } from '../../support/people.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const NOT_FOUND = '404 User not found';

/** A body as it is, where a user signs up. */
function body(
  name: string,
  asvs: string,
  raw: string | Uint8Array,
  right: string,
  headers: Record<string, string> = JSON_TYPE,
): Attack {
  return { name, asvs, api: 'API8', attempt: () => api('POST /user', { raw, headers }), right };
}

/** A sign-up that is good but for one field. */
function field(name: string, asvs: string, fields: object, right = '422'): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: () => api('POST /user', { body: { ...newUser(), ...fields } }),
    right,
  };
}

/** A post that is good but for one field. */
function post(name: string, asvs: string, fields: object, right = '422'): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: ({ alice: { token, username } }) =>
      api(`POST /${username}/post`, { token, body: { title: 'A post', text: 'Its text.', ...fields } }),
    right,
  };
}

/** A number of a limit, as it stands in the JSON. */
function limit(number: string, right = '422'): Attack {
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
    right,
  };
}

/** A number of a page, as it stands in the query. */
function page(number: string, right = '422'): Attack {
  return {
    name: `the page "${number}"`,
    asvs: '1.4.2',
    api: 'API8',
    attempt: () => api(`GET /users?page=${encodeURIComponent(number)}`),
    right,
  };
}

/** A name in the path. */
function path(name: string, asvs: string, segment: string, right: string): Attack {
  return { name, asvs, api: 'API8', attempt: () => api(`GET /user/${segment}`), right };
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const good = () => JSON.stringify(newUser());

export const BODIES: Attack[] = [
  body('half of a JSON text', '2.2.1', '{"name": "x', '422'),
  body('JSON with a comment', '1.5.3', `/* */ ${good()}`, '422'),
  body('JSON with a trailing comma', '1.5.3', good().replace('}', ',}'), '422'),
  body('JSON with NaN', '1.5.3', '{"name": NaN}', '422'),
  body('two JSON texts', '1.5.3', good() + good(), '422'),
  body('a list for an object', '15.3.5', `[${good()}]`, '422'),
  body('a text for an object', '15.3.5', '"name"', '422'),
  body('nothing', '2.2.1', '', '422'),
  body('JSON 33 levels deep', '15.2.2', `{"name": ${nested(33)}}`, '400'),
  body('JSON 7,000 levels deep', '15.2.2', `{"name": ${nested(7_000)}}`, '400'),
  body('the key __proto__', '15.3.6', good().replace('{', '{"__proto__": {"is_superuser": true},'), '422'),
  body(
    'the key constructor',
    '15.3.6',
    good().replace('{', '{"constructor": {"prototype": {"is_superuser": true}},'),
    '422',
  ),
  body('the key __proto__ in escapes', '15.3.6', good().replace('{', '{"\\u005f\\u005fproto__": {},'), '422'),
  body(
    'bytes that are no UTF-8',
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
  body('JSON in UTF-16', '1.1.1', Buffer.from(good(), 'utf16le'), '422', {
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
  body('JSON that claims to be text', '4.1.1', good(), '415', { 'Content-Type': 'text/plain' }),
  body('a form where JSON is due', '4.1.1', 'name=x', '415', {
    'Content-Type': 'application/x-www-form-urlencoded',
  }),
  body(
    'a file where JSON is due',
    '5.2.1',
    '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--x--\r\n',
    '415',
    { 'Content-Type': 'multipart/form-data; boundary=x' },
  ),
  field('a number for a name', '15.3.5', { name: 12 }),
  field('a list for a name', '15.3.5', { name: ['x', 'y'] }),
  field('an object for a name', '15.3.5', { name: { $gt: '' } }),
  field('null for a name', '2.2.1', { name: null }),
  field('a name of spaces', '2.2.1', { name: '     ' }),
  field('a name of 31 characters', '2.2.1', { name: 'x'.repeat(31) }),
  field('NUL in a name', '2.2.1', { name: 'x\0y' }),
  field('half of a surrogate pair in a name', '2.2.1', { name: 'x\ud800y' }),
  field('capitals in a username', '2.2.1', { username: 'Admin' }),
  field('a username that looks like another (Cyrillic)', '2.2.1', { username: '\u0430dmin' }),
  field('a line break after a username', '2.2.1', { username: `${uniqueName()}\n` }),
  field('a path for a username', '5.3.2', { username: '../admin' }),
  field('a second header in an address', '1.3.11', { email: 'x@example.com\r\nBcc: y@example.com' }),
  field('an address with a display name', '2.2.1', { email: 'Admin <admin@example.com>' }),
  field('two addresses for one', '2.2.1', { email: 'x@example.com,y@example.com' }),
  post('a script for a link', '1.2.2', { media_url: 'javascript:alert(1)' }),
  post('data for a link', '1.2.2', { media_url: 'data:text/html,<script>alert(1)</script>' }),
  post('a file for a link', '1.3.6', { media_url: 'file:///etc/passwd' }),
  post('a link of 2,049 characters', '2.2.1', { media_url: `https://example.com/${'x'.repeat(2_029)}` }),
  post('a text of 63,207 characters', '2.2.1', { text: 'x'.repeat(63_207) }),
  post(
    'a link to the inside, which nobody follows',
    '1.3.6',
    { media_url: 'http://169.254.169.254/latest/meta-data/' },
    '201',
  ),
  {
    name: 'HTML in a text: data, and nothing that a browser would run',
    asvs: '3.2.1',
    api: 'API8',
    attempt: async ({ alice: { token, username } }) => {
      const text = '<script>alert(1)</script>{{7*7}}${7*7}';
      const made = await api(`POST /${username}/post`, { token, body: { title: 'A post', text } });
      const { body, headers } = await api(`GET /${username}/post/${made.body.id}`);
      const asIs = body.text === text ? 'as it was' : 'changed';
      return `${asIs}, ${headers.get('content-type')}, ${headers.get('x-content-type-options')}`;
    },
    right: 'as it was, application/json; charset=utf-8, nosniff',
  },
  ...[
    '1e2',
    '100.0',
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
    name: 'two pages in one query',
    asvs: '15.3.7',
    api: 'API8',
    attempt: () => api('GET /users?page=1&page=2'),
    right: '422',
  },
  {
    name: 'an operator in a query',
    asvs: '15.3.5',
    api: 'API8',
    attempt: () => api('GET /users?page[$gt]=1&items_per_page[]=5'),
    right: '422',
  },
  {
    name: 'a cursor that is SQL',
    asvs: '1.2.4',
    api: 'API8',
    attempt: () => api(`GET /users?cursor=${Buffer.from('1 OR 1=1').toString('base64url')}`),
    right: '422',
  },
  path('SQL in a path', '1.2.4', encodeURIComponent("x' OR '1'='1"), NOT_FOUND),
  path('a path in a path', '5.3.2', '..%2f..%2f..%2fetc%2fpasswd', '404 Not Found'),
  path('a path that is encoded twice', '1.1.1', '%252e%252e%252fetc%252fpasswd', NOT_FOUND),
  path('NUL in a path', '2.2.1', 'admin%00', '400'),
  path('bytes that are no UTF-8 in a path', '1.1.1', '%ff%fe', '400'),
  path('line breaks in a path', '4.2.4', 'x%0d%0aX-Evil:%201', NOT_FOUND),
  path(
    'a template in a path',
    '1.3.7',
    encodeURIComponent('{{constructor.constructor("return 1")()}}'),
    NOT_FOUND,
  ),
  path('a command in a path', '1.2.5', encodeURIComponent('$(id)`id`;id'), NOT_FOUND),
  {
    name: 'a number beyond all tables in a path',
    asvs: '1.4.2',
    api: 'API8',
    attempt: ({ alice }) => api(`GET /${alice.username}/post/99999999999999999999`),
    right: '422',
  },
];
