import { describe, expect, it } from '@jest/globals';
import { aggregateIdOf } from './event-envelope.js';

describe('aggregateIdOf', () => {
  it('is the id of the payload', () => {
    expect(aggregateIdOf('user.created', { tierId: 2, id: 7 } as never)).toBe('7');
  });

  it('is the first id that the payload names, when it has none of its own', () => {
    expect(aggregateIdOf('tier.assigned', { userId: 3, tierId: 9 } as never)).toBe('3');
  });

  it('has to be there', () => {
    expect(() => aggregateIdOf('tier.assigned', { name: 'x' } as never)).toThrow('names nothing');
  });
});
