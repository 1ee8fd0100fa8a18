import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import type { FieldOptions } from './field.js';
import { StringField } from './string.fields.js';

/** The path of a route in rate limits: `api_v1_tasks_task` for `/api/v1/tasks/task/`. */
export function rateLimitPath(route: string): string {
  return route.replace(/^\/+|\/+$/g, '').replaceAll('/', '_');
}

/** Validates the route of a rate limit, and converts it with `rateLimitPath`. */
export function RateLimitPathField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? rateLimitPath(value) : value)),
    StringField({ min: 1, max: 200, example: 'api/v1/tasks/task', ...options }),
  );
}
