import { describe, expect, it } from '@jest/globals';
import { queueOf } from './jobs.js';

describe('queueOf', () => {
  it.each([
    ['sample_background_task', 'tasks'],
    ['mail.welcome', 'mail'],
    ['mail.digest.weekly', 'mail'],
    ['.odd', 'tasks'],
  ])('returns for the job %s the queue %s', (job, queue) => {
    expect(queueOf(job)).toBe(queue);
  });
});
