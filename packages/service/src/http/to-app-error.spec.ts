import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { NotFoundError, toProblem } from '@repo/core';
import { toAppError } from './to-app-error.js';

describe('toAppError', () => {
  it('returns an AppError unchanged', () => {
    const error = new NotFoundError('User not found');

    expect(toAppError(error)).toBe(error);
  });

  it.each([
    ['an unexpected error', new Error('SELECT secret FROM users'), 500, 'Internal Server Error'],
    ['a thrown text', 'a text', 500, 'Internal Server Error'],
    ['a thrown undefined', undefined, 500, 'Internal Server Error'],
    [
      'an exception of the framework',
      new BadRequestException('at line 7 of /srv/app.js'),
      400,
      'Bad Request',
    ],
    ['a body that is too long', Object.assign(new Error('x'), { statusCode: 413 }), 413, 'Payload Too Large'],
    [
      'an error with a status of success',
      Object.assign(new Error('x'), { statusCode: 200 }),
      500,
      'Internal Server Error',
    ],
    [
      'an unavailable database',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      503,
      'The service is temporarily unavailable.',
    ],
    [
      'a lost connection whose error is of another realm, as those of sockets are in Jest',
      runInNewContext('Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })'),
      503,
      'The service is temporarily unavailable.',
    ],
    [
      'a database that shuts down',
      Object.assign(new Error('x'), { code: '57P01' }),
      503,
      'The service is temporarily unavailable.',
    ],
  ])('hides the message of %s', (_, error, status, detail) => {
    const problem = toProblem(toAppError(error), { instance: '/api/v1/x', requestId: 'a-request' });

    expect(problem).toEqual({
      type: expect.stringMatching(/^urn:problem:/),
      title: expect.any(String),
      status,
      detail,
      instance: '/api/v1/x',
      request_id: 'a-request',
    });
  });
});
