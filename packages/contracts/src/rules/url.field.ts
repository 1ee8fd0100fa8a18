import type { FieldOptions } from './field.js';
import { StringField } from './string.fields.js';

/** Validates an http, https or ftp URL without blanks and control characters. */
export function UrlField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({
    max: 2048,
    format: 'uri',
    example: 'https://www.example.com/image.png',
    rules: [{ code: 'value_error', msg: 'Input should be an http, https or ftp URL', holds: isLink }],
    ...options,
  });
}

function isLink(value: string): boolean {
  return /^(https?|ftp):\/\/[^\s/$.?#][^\s\p{Cc}]*$/iu.test(value) && URL.canParse(value);
}
