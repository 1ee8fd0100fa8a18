import { applyDecorators, type Type as Class } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { field, type FieldOptions, type Kind } from './field.js';

/** What a list field must ask for. */
export interface ListFieldOptions extends FieldOptions {
  /** How many items at most. */
  max: number;
}

/** An object with rules of its own. Its fields fail under their own path: `address`, `street`. */
export function ObjectField(item: () => Class<object>, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Type(item),
    ValidateNested(),
    field(objectKind({ type: () => item() }), [], options),
  );
}

/** An object whose rules only its receiver knows. */
export function AnyObjectField(options: FieldOptions = {}): PropertyDecorator {
  return field(objectKind({ type: 'object', additionalProperties: true }), [], options);
}

function objectKind(schema: Kind<object>['schema']): Kind<object> {
  return {
    code: 'model_type',
    msg: 'Input should be a valid object',
    is: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
    schema,
  };
}

/** A list of objects with rules of their own, of a bounded length. */
export function ListField(
  item: () => Class<object>,
  { max, ...options }: ListFieldOptions,
): PropertyDecorator {
  const kind: Kind<unknown[]> = {
    code: 'list_type',
    msg: `Input should be a list of at most ${max} items`,
    is: (value): value is unknown[] => Array.isArray(value) && value.length <= max,
    schema: { type: () => item(), isArray: true, maxItems: max },
  };
  return applyDecorators(Type(item), ValidateNested({ each: true }), field(kind, [], options));
}
