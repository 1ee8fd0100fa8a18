import { field, type FieldOptions, type Kind } from './field.js';

export function BooleanField(options: FieldOptions = {}): PropertyDecorator {
  return field(booleanKind('Input should be a valid boolean'), [], options);
}

export function booleanKind(msg: string): Kind<boolean> {
  return { code: 'bool_type', msg, is: (value) => typeof value === 'boolean', schema: { type: 'boolean' } };
}
