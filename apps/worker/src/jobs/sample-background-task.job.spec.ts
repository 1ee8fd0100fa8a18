import { describe, expect, it } from '@jest/globals';
import type { RunningTask } from '../tasks/running-task.js';
import { SampleBackgroundTask } from './sample-background-task.job.js';

describe('SampleBackgroundTask', () => {
  it('rejects when its signal is aborted', async () => {
    const limit = new AbortController();
    const task = { signal: limit.signal, progress: async () => undefined } as unknown as RunningTask;
    const running = new SampleBackgroundTask().run({ message: 'hello' }, task);

    limit.abort();

    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
