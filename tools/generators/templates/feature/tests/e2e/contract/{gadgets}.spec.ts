import { expect } from '@jest/globals';
import { api } from '../../support/gateway.js';
import { join, type Person, superuser } from '../../support/people.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { pageOf } from '../../support/shapes.js';

interface World {
  owner: Person;
  other: Person;
  admin: string;
  id: number;
}

const good = { /* sample.one */ };
// #if body.kb
const longest = { ...good, /* sample.longest */ };
// #endif
const GADGET = {
  id: expect.any(Number) as unknown,
  ...good,
  created_by_user_id: expect.any(Number) as unknown,
  created_at: expect.any(String) as unknown,
};

async function makeWorld(): Promise<World> {
  const [owner, other, admin] = await Promise.all([join(), join(), superuser()]);
  const { body } = await api('POST /<gadget>', { token: owner.token, body: good });
  return { owner, other, admin, id: body.id };
}

const path = ({ id }: World) => ({ id });
const UNKNOWN = { id: 2_147_483_647 };

const rows: Row<'{gadgets}', World>[] = [
  ['POST /<gadget>', 'a user', ({ owner }) => ({ token: owner.token, body: good }), 201, GADGET],
  // #if body.kb
  [
    'POST /<gadget>',
    'a user, with the longest one',
    ({ owner }) => ({ token: owner.token, body: longest }),
    201,
    { ...GADGET, ...longest },
  ],
  // #endif
  ['GET /<gadgets>', 'anyone', () => ({ query: 'items_per_page=1' }), 200, pageOf(GADGET)],
  ['GET /<gadget>/{id}', 'anyone', (world) => ({ path: path(world) }), 200, GADGET],
  ['GET /<gadget>/{id}', 'unknown', () => ({ path: UNKNOWN }), 404, '~Gadget~ not found'],
  [
    'PATCH /<gadget>/{id}',
    'another user',
    (world) => ({ path: path(world), token: world.other.token, body: {} }),
    403,
    'Request forbidden -- authorization will not help',
  ],
  [
    'PATCH /<gadget>/{id}',
    'the owner',
    (world) => ({ path: path(world), token: world.owner.token, body: { /* first.name */: /* first.another */ } }),
    200,
    '~Gadget~ updated',
  ],
  [
    'DELETE /<gadget>/{id}',
    'the owner',
    (world) => ({ path: path(world), token: world.owner.token }),
    200,
    '~Gadget~ deleted',
  ],
  [
    'DELETE /db_<gadget>/{id}',
    'a superuser',
    (world) => ({ path: path(world), token: world.admin }),
    200,
    '~Gadget~ deleted from the database',
  ],
];

testRoutes('{gadgets}', makeWorld, rows);
