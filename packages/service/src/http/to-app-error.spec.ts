import { describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { NotFoundError, toProblem } from '@repo/core';
import { toAppError } from './to-app-error.js';

describe('toAppError', () => {
  it('lets a refusal through as it is', () => {
    const refusal = new NotFoundError('User not found');

    expect(toAppError(refusal)).toBe(refusal);
  });

  it.each([
    ['what nobody expected', new Error('SELECT secret FROM users'), 500, 'Internal Server Error'],
    ['what is no error at all', 'a text', 500, 'Internal Server Error'],
    ['nothing', undefined, 500, 'Internal Server Error'],
    [
      'an exception of the framework',
      new BadRequestException('at line 7 of /srv/app.js'),
      400,
      'Bad Request',
    ],
    ['a body that is too long', Object.assign(new Error('x'), { statusCode: 413 }), 413, 'Payload Too Large'],
    [
      'an error that claims success',
      Object.assign(new Error('x'), { statusCode: 200 }),
      500,
      'Internal Server Error',
    ],
    [
      'a database that is away',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      503,
      'The service is temporarily unavailable.',
    ],
    [
      'a database that shuts down',
      Object.assign(new Error('x'), { code: '57P01' }),
      503,
      'The service is temporarily unavailable.',
    ],
  ])('tells nothing of the inside: %s', (_, error, status, detail) => {
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
