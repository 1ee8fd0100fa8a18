import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiProperty, ApiResponse } from '@nestjs/swagger';

export class FieldError {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    example: ['body', 'email'],
  })
  loc: (string | number)[];

  @ApiProperty({ example: 'value_error' })
  type: string;

  @ApiProperty({ example: 'Value is not a valid email address' })
  msg: string;
}

/** The body of every error response: problem details (RFC 9457). */
export class Problem {
  @ApiProperty({ example: 'urn:problem:user-not-found' })
  type: string;

  @ApiProperty({ example: 'Not Found' })
  title: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status: number;

  @ApiProperty({ example: 'User not found' })
  detail: string;

  @ApiProperty({ example: '/api/v1/user/userson' })
  instance: string;

  @ApiProperty({ example: '01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d' })
  request_id: string;

  @ApiProperty({ type: [FieldError], required: false, description: 'One entry per invalid field.' })
  errors?: FieldError[];
}

/**
 * Documents an error with its texts, on a route or a controller. Errors that other decorators imply need none: a missing
 * token, invalid fields, a rate limit.
 */
export const ApiProblem = (status: number, ...details: string[]): ClassDecorator & MethodDecorator =>
  applyDecorators(...details.map((description) => ApiResponse({ status, description })));

/** Documents that a route has a rate limit. `npm run sync` lists such routes in `LIMITED_ROUTES`. */
export const ApiRateLimit = (): MethodDecorator =>
  applyDecorators(ApiProblem(429, 'Rate limit exceeded.'), ApiExtension('x-rate-limit', true));
