import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { api } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { assignTier, makeTier } from '../../support/make.js';
import { join, superuser } from '../../support/people.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { cursorPageOf, pageOf, TASK } from '../../support/shapes.js';
import { makeTask, makeWaitingTasks } from '../../support/tasks.js';

const CREATED = { id: expect.any(String) };

async function makeWorld() {
  const admin = await superuser();
  const [owner, stranger] = [await join(), await join()];
  const tier = await makeTier(admin, { path: 'api/v1/tasks/task', limit: 1, period: 3600 });
  await assignTier(admin, stranger, tier.id);
  const started = await makeTask(owner.token);
  const anonymous = await makeTask();
  await eventually(
    () => api(`GET /tasks/task/${started}`, { token: owner.token }),
    ({ body }) => body.status !== 'queued',
  );
  return { admin, owner, stranger, started, anonymous };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

const as = (caller?: 'owner' | 'stranger', query?: string) => (world: World) => ({
  token: caller && world[caller].token,
  path: { id: world.started },
  query,
});

const rows: Row<'tasks', World>[] = [
  ['POST /tasks/task', 'a user', as('owner', 'message=hello'), 201, CREATED],
  ['POST /tasks/task', 'anyone, an empty message', as(undefined, 'message='), 201, CREATED],
  [
    'POST /tasks/task',
    'a body, which is ignored',
    ({ owner }) => ({ token: owner.token, query: 'message=hello', body: { message: 'other' } }),
    201,
    CREATED,
  ],
  ['POST /tasks/task', 'no message', as('stranger'), 422, [{ loc: ['query', 'message'], type: 'missing' }]],
  [
    'POST /tasks/task',
    'too long a message',
    as('stranger', `message=${'x'.repeat(10_001)}`),
    422,
    [{ loc: ['query', 'message'], type: 'string_too_long' }],
  ],
  [
    'POST /tasks/task',
    'the longest message, the only call there is left: refusals used up none',
    as('stranger', `message=${encodeURIComponent('🙂'.repeat(10_000))}`),
    201,
    CREATED,
  ],
  ['POST /tasks/task', 'one call too many', as('stranger', 'message=hello'), 429, 'Rate limit exceeded.'],

  ['GET /tasks/task/{id}', 'its creator', as('owner'), 200, TASK],
  [
    'GET /tasks/task/{id}',
    'a superuser',
    ({ admin: token, started: id }) => ({ path: { id }, token }),
    200,
    TASK,
  ],
  ['GET /tasks/task/{id}', 'nobody’s, for anyone', ({ anonymous: id }) => ({ path: { id } }), 200, TASK],
  ['GET /tasks/task/{id}', 'somebody’s, for another', as('stranger'), 404, 'Task not found'],
  ['GET /tasks/task/{id}', 'somebody’s, for anyone', as(), 404, 'Task not found'],
  [
    'GET /tasks/task/{id}',
    'one that never was',
    () => ({ path: { id: randomUUID() } }),
    404,
    'Task not found',
  ],
  ['GET /tasks/task/{id}', 'an id that is none', () => ({ path: { id: 'first' } }), 404, 'Task not found'],

  ['GET /tasks', 'a user', as('owner'), 200, pageOf(TASK)],
  ['GET /tasks', 'a cursor', as('owner', 'cursor=&items_per_page=1'), 200, cursorPageOf(TASK)],

  ['DELETE /tasks/task/{id}', 'one that runs', as('owner'), 409, 'Task already started'],
  ['DELETE /tasks/task/{id}', 'somebody’s, for another', as('stranger'), 404, 'Task not found'],
  [
    'DELETE /tasks/task/{id}',
    'one that never was',
    () => ({ path: { id: randomUUID() } }),
    404,
    'Task not found',
  ],
  ['DELETE /tasks/task/{id}', 'one that waits', waitingTask, 200, 'Task cancelled'],
];

async function waitingTask({ admin }: World) {
  const { token, waiting, between } = await makeWaitingTasks(admin);
  const [id = '', ...others] = [...waiting, ...between];
  await Promise.all(others.map((other) => api(`DELETE /tasks/task/${other}`, { token })));
  return { path: { id }, token };
}

testRoutes('tasks', makeWorld, rows);
