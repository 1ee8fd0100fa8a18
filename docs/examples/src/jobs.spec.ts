import { describe, expect, it } from '@jest/globals';
import type { Database, Transaction } from '@repo/database';
import { requestGreeting } from './jobs.js';

describe('requestGreeting', () => {
  it('emits job.requested with the id that it returns', async () => {
    const emitted: unknown[] = [];
    const tx = { emit: async (...event: unknown[]) => void emitted.push(event) } as unknown as Transaction;
    const database = {
      transaction: (work: (tx: Transaction) => Promise<void>) => work(tx),
    } as unknown as Database;

    const id = await requestGreeting(database, 7);

    expect(emitted).toEqual([
      ['job.requested', expect.objectContaining({ id, payload: { message: 'hello' }, createdByUserId: 7 })],
    ]);
  });
});
