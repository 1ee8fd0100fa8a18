import { SAMPLE_TASK } from '@repo/contracts';
import type { Database } from '@repo/database';
import { v7 as uuidv7 } from 'uuid';

// #region request
/** Creates a task in the transaction of a change: both are committed, or neither. */
export async function requestGreeting(database: Database, userId: number): Promise<string> {
  const id = uuidv7();
  await database.transaction(async (tx) => {
    // … the change …
    await tx.emit('job.requested', {
      id,
      name: SAMPLE_TASK,
      payload: { message: 'hello' },
      createdByUserId: userId,
      options: { priority: 'low', unique: `hello-${userId}` },
    });
  });
  return id;
}
// #endregion
