import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PruneTasks } from '../jobs/prune-tasks.job.js';
import { SampleBackgroundTask } from '../jobs/sample-background-task.job.js';
import { Job, type JobHandler } from './job.decorator.js';
import { Jobs } from './jobs.js';
import { loadJobs } from './load-jobs.js';

function aJob(name: string): object {
  @Job({ name })
  class Work implements JobHandler {
    async run(): Promise<void> {}
  }
  return new Work();
}

describe('loadJobs', () => {
  it('returns every job of the folder', async () => {
    const jobs = await loadJobs(join(import.meta.dirname, '../jobs'));

    expect(jobs).toEqual(expect.arrayContaining([PruneTasks, SampleBackgroundTask]));
  });
});

describe('Jobs', () => {
  it('registers handlers by name, and derives the queues from the names', () => {
    const jobs = new Jobs([aJob('one'), aJob('two'), aJob('mail.welcome'), {}]);

    expect(jobs.all.map(({ options }) => options.name)).toEqual(['one', 'two', 'mail.welcome']);
    expect(jobs.queues).toEqual(['tasks', 'mail']);
    expect(jobs.find('three')).toBeUndefined();
  });

  it.each([
    [['same', 'same'], 'There are two jobs with the name same'],
    [['schedules.clash'], 'the queue schedules is reserved'],
  ])('rejects the names %s', (names, message) => {
    expect(() => new Jobs(names.map(aJob))).toThrow(message);
  });
});
