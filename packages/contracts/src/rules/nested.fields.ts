import { applyDecorators, type Type as Class } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { field, type FieldOptions, type Kind } from './field.js';

/** Validates an object of a class. Errors of its fields have the path of the field. */
export function ObjectField(item: () => Class<object>, options: FieldOptions = {}): PropertyDecorator {
  // @nestjs/swagger calls a function of the name `type`.
  const kind = objectKind({ type: () => item() });
  return applyDecorators(Type(item), ValidateNested(), field(kind, [], options));
}

/** Validates that a value is an object; the receiver validates its fields. */
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
