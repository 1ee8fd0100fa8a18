import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import type { FieldOptions } from './field.js';
import { StringField } from './string.fields.js';

/** A route as rate limits know it: `/api/v1/tasks/task/` → `api_v1_tasks_task`. */
export function rateLimitPath(route: string): string {
  return route.replace(/^\/+|\/+$/g, '').replaceAll('/', '_');
}

/** The route that a limit is for, brought to the form in which it is stored and looked up. */
export function RateLimitPathField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? rateLimitPath(value) : value)),
    StringField({ min: 1, max: 200, example: 'api/v1/tasks/task', ...options }),
  );
}
