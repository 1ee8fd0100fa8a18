import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GadgetPayload } from '@repo/contracts';
import { waitFor } from '@repo/testing';
import { Gadget } from '../src/jobs/{gadget}.job.js';
import { startWorker, type TaskRow, type WorkerApp } from './worker-app.js';

const good = { /* sample.one */ };
let worker: WorkerApp;

beforeAll(async () => {
  worker = await startWorker(new Gadget());
});

afterAll(() => worker.close());

/** The task of this payload, once it has ended. */
async function run(payload: Record<keyof GadgetPayload, unknown>): Promise<TaskRow> {
  const task = await worker.aTask({ name: '/* job.name */', payload });
  await worker.queue(task);
  await waitFor(async () => (await worker.row(task)).finished_at !== null);
  return worker.row(task);
}

describe('/* job.name */', () => {
  it('does its work', async () => {
    expect(await run(good)).toMatchObject({
      status: 'completed',
      result: `~Gadget~: ${good./* first.name */}`,
    });
  });

  it('fails at once when its payload breaks the rules', async () => {
    expect(await run({ ...good, /* first.name */: /* first.bad */ })).toMatchObject({
      status: 'failed',
      tries: 1,
      error: expect.stringContaining('/* first.name */'),
    });
  });
});
