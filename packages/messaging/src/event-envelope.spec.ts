import { describe, expect, it } from '@jest/globals';
import { checkPayload, InvalidEventError } from './event-envelope.js';

describe('checkPayload', () => {
  const check = (event: string, data: object) => checkPayload({ event, data } as never);

  it.each([
    ['user.password-changed', { userId: 7, keepSessionId: null }],
    ['user.password-changed', { userId: 7, keepSessionId: 'a', fieldOfANewerPublisher: true }],
    // #region only with jobs
    ['job.requested', { id: 'x', createdByUserId: null, name: 'mail', payload: { to: { any: ['thing'] } } }],
    // #endregion
  ])('accepts a valid payload: %s %j', async (event, data) => {
    await expect(check(event, data)).resolves.toBeUndefined();
  });

  it.each([
    [
      'user.password-changed',
      { userId: 1 },
      'The payload of user.password-changed is invalid: keepSessionId: Field required',
    ],
    [
      'user.password-changed',
      { userId: 'x', keepSessionId: null },
      'userId: Input should be a valid integer',
    ],
    // #region only with jobs
    ['job.requested', { id: 'x', createdByUserId: 1, name: 'mail', payload: [] }, 'payload: Input should be'],
    [
      'job.requested',
      { id: 'x', createdByUserId: 1, name: 'mail', payload: {}, options: { delaySeconds: -1 } },
      'options.delaySeconds: Input should be greater',
    ],
    // #endregion
  ])('names the invalid field of %s %j', async (event, data, reason) => {
    const error: unknown = await check(event, data).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(InvalidEventError);
    expect((error as Error).message).toContain(reason);
  });
});
