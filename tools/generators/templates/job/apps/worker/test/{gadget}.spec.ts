import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GadgetPayload } from '@repo/contracts';
import { waitFor } from '@repo/testing';
import { Gadget } from '../src/jobs/{gadget}.job.js';
import { startWorker, type WorkerApp } from './worker-app.js';

const valid = { /* sample.one */ };
let worker: WorkerApp;

beforeAll(async () => {
  worker = await startWorker(new Gadget());
});

afterAll(() => worker.close());

/** Queues a task with this payload, and returns it when it has ended. */
async function run(payload: Record<keyof GadgetPayload, unknown>) {
  const task = await worker.aTask({ name: '/* job.name */', payload });
  await worker.queue(task);
  await waitFor(async () => (await worker.row(task)).finished_at !== null);
  return worker.row(task);
}

describe('/* job.name */', () => {
  it('completes its task', async () => {
    expect(await run(valid)).toMatchObject({
      status: 'completed',
      result: `~Gadget~: ${valid./* first.name */}`,
    });
  });

  it('fails without a retry when the payload is invalid', async () => {
    expect(await run({ ...valid, /* first.name */: /* first.bad */ })).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: expect.stringContaining('/* first.name */'),
    });
  });
});
