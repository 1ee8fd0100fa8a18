import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { queueOf, SampleTask } from './jobs.js';

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

describe('SampleTask', () => {
  it.each(['', 'hello', '🙂'.repeat(10_000)])('accepts the message %p', (message) => {
    expect(failures(SampleTask, { message })).toEqual({});
  });

  it.each([
    [undefined, 'missing'],
    [['a', 'b'], 'string_type'],
    ['🙂'.repeat(10_001), 'string_too_long'],
    ['a\0', 'value_error'],
  ])('rejects %p with %s', (message, code) => {
    expect(failures(SampleTask, { message })).toEqual({ message: code });
  });
});
