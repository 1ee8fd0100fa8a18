import { describe, expect, it } from '@jest/globals';
import { sampleBackgroundTask } from './sample-background-task.js';

const DATA = { taskId: '7', message: 'hello' };

describe('sampleBackgroundTask', () => {
  it('says that it is done', async () => {
    expect(await sampleBackgroundTask(1)(DATA, new AbortController().signal)).toBe('Task hello is complete!');
  });

  it('stops when its time is up', async () => {
    const limit = new AbortController();
    const running = sampleBackgroundTask(60_000)(DATA, limit.signal);

    limit.abort();

    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
