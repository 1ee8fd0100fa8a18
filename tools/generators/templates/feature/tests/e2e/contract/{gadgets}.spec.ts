import { expect } from '@jest/globals';
import { api } from '../../support/api.ts';
import { adminToken, createUser, type User } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { pageOf } from './shapes.ts';

interface Fixture {
  owner: User;
  other: User;
  admin: string;
  id: number;
}

const valid = { /* sample.one */ };
// #if body.kb
const longest = { ...valid, /* sample.longest */ };
// #endif
const GADGET = {
  id: expect.any(Number) as unknown,
  ...valid,
  created_by_user_id: expect.any(Number) as unknown,
  created_at: expect.any(String) as unknown,
};

async function createFixture(): Promise<Fixture> {
  const [owner, other, admin] = await Promise.all([createUser(), createUser(), adminToken()]);
  const { body } = await api('POST /<gadget>', { token: owner.token, body: valid });
  return { owner, other, admin, id: body.id };
}

const path = ({ id }: Fixture) => ({ id });
const UNKNOWN = { id: 2_147_483_647 };

const rows: Row<'{gadgets}', Fixture>[] = [
  ['POST /<gadget>', 'a user', ({ owner }) => ({ token: owner.token, body: valid }), 201, GADGET],
  // #if body.kb
  [
    'POST /<gadget>',
    'the longest body',
    ({ owner }) => ({ token: owner.token, body: longest }),
    201,
    { ...GADGET, ...longest },
  ],
  // #endif
  ['GET /<gadgets>', 'an anonymous caller', () => ({ query: 'items_per_page=1' }), 200, pageOf(GADGET)],
  ['GET /<gadget>/{id}', 'an anonymous caller', (fixture) => ({ path: path(fixture) }), 200, GADGET],
  ['GET /<gadget>/{id}', 'an unknown id', () => ({ path: UNKNOWN }), 404, '~Gadget~ not found'],
  [
    'PATCH /<gadget>/{id}',
    'another user',
    (fixture) => ({ path: path(fixture), token: fixture.other.token, body: {} }),
    403,
    'Request forbidden -- authorization will not help',
  ],
  [
    'PATCH /<gadget>/{id}',
    'the owner',
    (fixture) => ({ path: path(fixture), token: fixture.owner.token, body: { /* first.name */: /* first.another */ } }),
    200,
    '~Gadget~ updated',
  ],
  [
    'DELETE /<gadget>/{id}',
    'the owner',
    (fixture) => ({ path: path(fixture), token: fixture.owner.token }),
    200,
    '~Gadget~ deleted',
  ],
  [
    'DELETE /db_<gadget>/{id}',
    'a superuser',
    (fixture) => ({ path: path(fixture), token: fixture.admin }),
    200,
    '~Gadget~ deleted from the database',
  ],
];

testRoutes('{gadgets}', createFixture, rows);
