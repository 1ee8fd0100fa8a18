import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { api } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { assignTier, createTier } from '../../support/tiers.ts';
import { createUser, adminToken } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, TASK } from './shapes.ts';
import { createTask, createWaitingTasks } from '../../support/tasks.ts';

const CREATED = { id: expect.any(String) };

async function createFixture() {
  const admin = await adminToken();
  const [owner, other] = [await createUser(), await createUser()];
  const tier = await createTier(admin, { path: 'api/v1/tasks/task', limit: 1, period: 3600 });
  await assignTier(admin, other, tier.id);
  const started = await createTask(owner.token);
  const anonymous = await createTask();
  await eventually(
    () => api(`GET /tasks/task/${started}`, { token: owner.token }),
    ({ body }) => body.status !== 'queued',
  );
  return { admin, owner, other, started, anonymous };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

const as = (caller?: 'owner' | 'other', query?: string) => (fixture: Fixture) => ({
  token: caller && fixture[caller].token,
  path: { id: fixture.started },
  query,
});

const rows: Row<'tasks', Fixture>[] = [
  ['POST /tasks/task', 'a user', as('owner', 'message=hello'), 201, CREATED],
  ['POST /tasks/task', 'an anonymous caller and an empty message', as(undefined, 'message='), 201, CREATED],
  [
    'POST /tasks/task',
    'a body, which is ignored',
    ({ owner }) => ({ token: owner.token, query: 'message=hello', body: { message: 'other' } }),
    201,
    CREATED,
  ],
  [
    'POST /tasks/task',
    'a missing message',
    as('other'),
    422,
    [{ loc: ['query', 'message'], type: 'missing' }],
  ],
  [
    'POST /tasks/task',
    'a message that is too long',
    as('other', `message=${'x'.repeat(10_001)}`),
    422,
    [{ loc: ['query', 'message'], type: 'string_too_long' }],
  ],
  [
    'POST /tasks/task',
    'the longest message, as invalid requests do not count',
    as('other', `message=${encodeURIComponent('🙂'.repeat(10_000))}`),
    201,
    CREATED,
  ],
  [
    'POST /tasks/task',
    'one request more than the limit',
    as('other', 'message=hello'),
    429,
    'Rate limit exceeded.',
  ],

  ['GET /tasks/task/{id}', 'its creator', as('owner'), 200, TASK],
  [
    'GET /tasks/task/{id}',
    'a superuser',
    ({ admin: token, started: id }) => ({ path: { id }, token }),
    200,
    TASK,
  ],
  ['GET /tasks/task/{id}', 'an anonymous task', ({ anonymous: id }) => ({ path: { id } }), 200, TASK],
  ['GET /tasks/task/{id}', 'the task of another user', as('other'), 404, 'Task not found'],
  ['GET /tasks/task/{id}', 'the task of a user without a token', as(), 404, 'Task not found'],
  ['GET /tasks/task/{id}', 'an unknown task', () => ({ path: { id: randomUUID() } }), 404, 'Task not found'],
  ['GET /tasks/task/{id}', 'an id that is no UUID', () => ({ path: { id: 'first' } }), 404, 'Task not found'],

  ['GET /tasks/task/{id}/events', 'the task of another user', as('other'), 404, 'Task not found'],
  [
    'GET /tasks/task/{id}/events',
    'an unknown task',
    () => ({ path: { id: randomUUID() } }),
    404,
    'Task not found',
  ],

  ['GET /tasks', 'a user', as('owner'), 200, pageOf(TASK)],
  ['GET /tasks', 'a cursor', as('owner', 'cursor=&items_per_page=1'), 200, cursorPageOf(TASK)],

  ['DELETE /tasks/task/{id}', 'a running task', as('owner'), 409, 'Task already started'],
  ['DELETE /tasks/task/{id}', 'the task of another user', as('other'), 404, 'Task not found'],
  [
    'DELETE /tasks/task/{id}',
    'an unknown task',
    () => ({ path: { id: randomUUID() } }),
    404,
    'Task not found',
  ],
  ['DELETE /tasks/task/{id}', 'a waiting task', waitingTask, 200, 'Task cancelled'],

  // Waits for the end of the task.
  [
    'GET /tasks/task/{id}/events',
    'its creator',
    as('owner'),
    200,
    expect.stringMatching(/^event: task\ndata: .*"completed"/m),
  ],
];

async function waitingTask({ admin }: Fixture) {
  const { token, waiting, between } = await createWaitingTasks(admin);
  const [id = '', ...others] = [...waiting, ...between];
  await Promise.all(others.map((other) => api(`DELETE /tasks/task/${other}`, { token })));
  return { path: { id }, token };
}

testRoutes('tasks', createFixture, rows);
