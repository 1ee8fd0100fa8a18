import { describe, expect, it } from '@jest/globals';
import { KeyedQueue } from './keyed-queue.js';

describe('KeyedQueue', () => {
  it('keeps the order within a key, also after a failure, and does not delay other keys', async () => {
    const queue = new KeyedQueue();
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const first = queue.run('a', () => gate.promise.then(() => Promise.reject(new Error('no'))));
    const second = queue.run('a', async () => void done.push('a2'));
    await queue.run('b', async () => void done.push('b1'));
    expect(done).toEqual(['b1']);

    gate.resolve();

    await expect(first).rejects.toThrow('no');
    await second;
    expect(done).toEqual(['b1', 'a2']);
  });
});
