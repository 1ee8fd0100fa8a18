import { describe, expect, it } from '@jest/globals';
import { aggregateIdOf, checkPayload, InvalidEventError } from './event-envelope.js';

describe('aggregateIdOf', () => {
  it('returns the id of the payload', () => {
    expect(aggregateIdOf('user.created', { tierId: 2, id: 7 } as never)).toBe('7');
  });

  it('returns the first field that ends in Id when the payload has no id', () => {
    expect(aggregateIdOf('tier.assigned', { userId: 3, tierId: 9 } as never)).toBe('3');
  });

  it('throws when the payload has no id', () => {
    expect(() => aggregateIdOf('tier.assigned', { name: 'x' } as never)).toThrow('names its aggregate');
  });
});

describe('checkPayload', () => {
  const check = (event: string, data: object) => checkPayload({ event, data } as never);

  it.each([
    ['tier.assigned', { userId: 7, tierId: null }],
    ['tier.assigned', { userId: 7, tierId: 2, fieldOfANewerPublisher: true }],
    // #region only with jobs
    ['job.requested', { id: 'x', createdByUserId: null, name: 'mail', payload: { to: { any: ['thing'] } } }],
    // #endregion
  ])('accepts a valid payload: %s %j', async (event, data) => {
    await expect(check(event, data)).resolves.toBeUndefined();
  });

  it.each([
    ['tier.assigned', { userId: 1 }, 'The payload of tier.assigned is invalid: tierId: Field required'],
    ['tier.assigned', { userId: 'x', tierId: null }, 'userId: Input should be a valid integer'],
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
