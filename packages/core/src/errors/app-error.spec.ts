import { describe, expect, it } from '@jest/globals';
import {
  AppError,
  InvalidInputError,
  NotFoundError,
  TooManyRequestsError,
  UnauthenticatedError,
  UnavailableError,
} from './app-error.js';

describe('AppError', () => {
  it('has a code made of its detail when none is given', () => {
    expect(new NotFoundError('User not found').code).toBe('user-not-found');
    expect(new AppError(400, 'No!', { code: 'other' }).code).toBe('other');
  });

  it('is equal after it was sent as JSON', () => {
    const fields = [{ loc: ['body', 'name'], type: 'missing', msg: 'Field required' }];

    for (const error of [
      new InvalidInputError(...fields),
      new UnauthenticatedError(),
      new UnavailableError('Down'),
    ]) {
      const rebuilt = AppError.fromJSON(JSON.parse(JSON.stringify(error)));

      expect(rebuilt).toBeInstanceOf(AppError);
      expect(rebuilt.toJSON()).toEqual(error.toJSON());
    }
  });

  it('has neither its cause nor its stack in its JSON', () => {
    const error = new UnavailableError('Down', { cause: new Error('SELECT secret') });

    expect(JSON.stringify(error)).not.toMatch(/secret|stack|cause/);
  });

  it.each([
    [0, '1'],
    [0.2, '1'],
    [7.1, '8'],
  ])('rounds a wait of %d s up to whole seconds', (retryAfterSeconds, header) => {
    expect(new TooManyRequestsError('Slow down', { retryAfterSeconds }).headers).toMatchObject({
      'Retry-After': header,
    });
  });
});
