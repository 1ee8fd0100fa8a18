import { field, type FieldOptions } from './field.js';

/** A JSON `true` or `false`. */
export function BooleanField(options: FieldOptions = {}): PropertyDecorator {
  return field(
    {
      code: 'bool_type',
      msg: 'Input should be a valid boolean',
      is: (value) => typeof value === 'boolean',
      schema: { type: 'boolean' },
    },
    [],
    options,
  );
}
