import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Revocations } from '@repo/auth';
import { Streams } from '@repo/service';
import { waitFor } from '@repo/testing';
import { aCaller, type Caller, type JobsApp, startJobs } from './jobs-app.js';

let app: JobsApp;
const opened: AbortController[] = [];

beforeAll(async () => {
  app = await startJobs();
});
afterEach(() => opened.splice(0).forEach((request) => request.abort()));
afterAll(() => app.close());

interface Stream {
  headers: Headers;
  /** The events that have arrived. */
  events: { id: string; event: string; data: { status: string; progress: number } }[];
  hasEnded: () => boolean;
}

async function open(id: string, caller?: Caller, last?: string): Promise<Stream> {
  const request = new AbortController();
  opened.push(request);
  const response = await fetch(`${app.url}/api/v1/tasks/task/${id}/events`, {
    headers: {
      ...(caller && { Authorization: `Bearer ${caller.token}` }),
      ...(last && { 'Last-Event-ID': last }),
    },
    signal: request.signal,
  });
  const events: Stream['events'] = [];
  let ended = false;
  const read = async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop()!;
      for (const frame of frames.filter((one) => one !== ':')) {
        const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s))) as Record<
          string,
          string
        >;
        events.push({ id: fields.id!, event: fields.event!, data: JSON.parse(fields.data!) });
      }
    }
    ended = true;
  };
  void read().catch(() => undefined);
  return { headers: response.headers, events, hasEnded: () => ended };
}

const change = (id: string, changes: string) =>
  app.database.query(`UPDATE jobs.tasks SET ${changes} WHERE id = $1`, [id]);
const start = (id: string, progress: number) =>
  change(id, `status = 'active', attempts = 1, progress = ${progress}`);
const complete = (id: string) => change(id, `status = 'completed', progress = 100, finished_at = now()`);

describe('GET /tasks/task/{id}/events', () => {
  it('streams the task as it changes, and ends after the last change', async () => {
    const caller = aCaller();
    const id = await app.aTask(caller);

    const { headers, events, hasEnded } = await open(id, caller);
    await waitFor(() => events.length === 1);
    await start(id, 40);
    await waitFor(() => events.length === 2);
    await complete(id);
    await waitFor(hasEnded);

    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(events.map(({ event }) => event)).toEqual(['task', 'task', 'task']);
    expect(events.map(({ data }) => [data.status, data.progress])).toEqual([
      ['queued', 0],
      ['active', 40],
      ['completed', 100],
    ]);
    expect(events[1]!.data).toEqual((await beforeCompletion(id, caller)).body);
  });

  /** The response of "Watch a task" before its completion. */
  async function beforeCompletion(id: string, { token }: Caller) {
    await change(id, `status = 'active', progress = 40, finished_at = NULL`);
    return app.api(`GET /tasks/task/${id}`, { token });
  }

  it('continues after the last event that the client received', async () => {
    const id = await app.aTask();
    const first = await open(id);
    await waitFor(() => first.events.length === 1);

    const second = await open(id, undefined, first.events[0]!.id);
    await start(id, 10);

    await waitFor(() => second.events.length === 1);
    expect(second.events[0]!.data.progress).toBe(10);
  });

  it('has no time limit', async () => {
    const id = await app.aTask();
    const { events } = await open(id);
    const opens = Date.now();
    await waitFor(() => Date.now() - opens > 6_000, { timeoutMs: 10_000 });

    await start(id, 10);

    await waitFor(() => events.length === 2);
  });

  it('returns 404 for a task of another user', async () => {
    const id = await app.aTask(aCaller());

    expect((await app.api(`GET /tasks/task/${id}/events`, { token: aCaller().token })).status).toBe(404);
  });

  it('ends when the tokens of the user are revoked', async () => {
    const caller = aCaller();
    const { events, hasEnded } = await open(await app.aTask(caller), caller);
    await waitFor(() => events.length === 1);

    const all = { kind: 'user', id: caller.id, issuedBefore: Date.now() / 1_000 + 60 } as const;
    await app.nest.get(Revocations).revoke({ ...all, expiresAt: Date.now() + 60_000 });

    await waitFor(hasEnded, { timeoutMs: 5_000 });
  });

  it('ends when the process stops', async () => {
    const { events, hasEnded } = await open(await app.aTask());
    await waitFor(() => events.length === 1);

    app.nest.get(Streams).end();

    await waitFor(hasEnded);
  });
});
