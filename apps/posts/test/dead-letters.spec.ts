import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { UserSnapshot } from '@repo/contracts';
import { NatsClient } from '@repo/messaging';
import { Metrics } from '@repo/observability';
import { waitFor } from '@repo/testing';
import { uniqueName, type PostsApp, problem, startPosts, superuserToken } from './posts-app.js';

let app: PostsApp;
const token = superuserToken();

/** Publishes an event without the outbox. An event of an unknown version becomes a dead letter immediately. */
async function createDeadLetter({ version = 2, data = {} as object } = {}): Promise<{
  id: number;
  event_id: string;
}> {
  const event_id = randomUUID();
  const envelope = { id: event_id, event: 'user.created', version, aggregateId: '1', requestId: null, data };
  app.nest.get(NatsClient).connection.publish('events.user.created', JSON.stringify(envelope));
  return waitFor(async () =>
    (await app.api('GET /admin/posts/dead_letters?items_per_page=100', { token })).body.data.find(
      (letter: { envelope: string }) => letter.envelope.includes(event_id),
    ),
  );
}

const setEnvelope = (id: number, data: UserSnapshot) =>
  app.database.query(`UPDATE posts.dead_letters SET envelope = (envelope::jsonb || $2)::text WHERE id = $1`, [
    id,
    JSON.stringify({ version: 1, aggregateId: String(data.id), data }),
  ]);

describe('dead letters', () => {
  beforeAll(async () => {
    app = await startPosts();
  });
  afterAll(() => app.close());

  it('are listed in pages to superusers, without the stack trace', async () => {
    const letter = await createDeadLetter();
    await createDeadLetter();

    const first = await app.api('GET /admin/posts/dead_letters?items_per_page=1', { token });
    const one = await app.api(`GET /admin/posts/dead_letters/${letter.id}`, { token });

    expect(first.body).toEqual({
      data: [letter],
      total_count: 2,
      has_more: true,
      page: 1,
      items_per_page: 1,
    });
    expect(one.body).toEqual(letter);
    expect(letter).toEqual({
      id: expect.any(Number),
      event_id: expect.stringMatching(/^stream-sequence-\d+$/),
      event: 'user.created',
      envelope: expect.stringContaining('"version":2'),
      attempts: 1,
      error: 'Error: The message is not an envelope of user.created in version 1',
      failed_at: expect.stringMatching(/Z$/),
    });
  });

  it('are deleted when a replay succeeds', async () => {
    const { id } = await createDeadLetter();
    const user = { id, username: uniqueName(), isSuperuser: false, tierId: null, deleted: false, version: 1 };
    await setEnvelope(id, user);

    const replayed = await app.api(`POST /admin/posts/dead_letters/${id}/replay`, { token });

    expect([replayed.status, replayed.body]).toEqual([200, { message: 'Event applied' }]);
    expect((await app.api(`GET /${user.username}/posts`)).status).toBe(200);
    expect(await app.api(`GET /admin/posts/dead_letters/${id}`, { token })).toMatchObject(
      problem(404, 'Dead letter not found'),
    );
  });

  it('stay when a replay fails', async () => {
    const { id } = await createDeadLetter();

    expect(await app.api(`POST /admin/posts/dead_letters/${id}/replay`, { token })).toMatchObject(
      problem(409, 'The event failed again'),
    );
    expect((await app.api(`GET /admin/posts/dead_letters/${id}`, { token })).body.attempts).toBe(2);
  });

  it.each([
    'GET /admin/posts/dead_letters/1000000',
    'POST /admin/posts/dead_letters/1000000/replay',
  ] as const)('return 404 when they do not exist: %s', async (route) => {
    expect(await app.api(route, { token })).toMatchObject(problem(404, 'Dead letter not found'));
  });

  it('are counted in the metrics, like the messages in the outbox', async () => {
    const envelope = JSON.stringify({ occurredAt: new Date(Date.now() - 90_000) });
    await app.database.query(
      `INSERT INTO posts.outbox (id, event, aggregate_id, envelope, next_attempt_at)
       VALUES (gen_random_uuid(), 'post.created', '1', $1, now() + interval '1 hour')`,
      [envelope],
    );
    const { total_count } = (await app.api('GET /admin/posts/dead_letters', { token })).body;

    const metrics = await app.nest.get(Metrics).registry.metrics();

    expect(metrics).toContain(`\ndead_letters ${total_count}\n`);
    expect(metrics).toMatch(/\noutbox_messages 1\n/);
    expect(metrics).toMatch(/\noutbox_lag_seconds 9\d(\.\d+)?\n/);
  });

  it('return 401 without a token and 403 to a user who is not a superuser', async () => {
    const { token: author } = app.createAuthor();

    expect((await app.api('GET /admin/posts/dead_letters')).status).toBe(401);
    expect((await app.api('GET /admin/posts/dead_letters', { token: author })).status).toBe(403);
  });
});
