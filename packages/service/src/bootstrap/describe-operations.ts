import type { OpenAPIObject } from '@nestjs/swagger';
import { ForbiddenError, NotOwnerError } from '@repo/core';
import { MAX_PARAM_LENGTH } from './fastify.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export function* operationsOf({ paths }: OpenAPIObject) {
  for (const [path, item] of Object.entries(paths))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) yield { path, method, operation };
    }
}

/**
 * Completes what the decorators of a route imply: access, limits of path parameters, and that bodies have no other
 * fields than those of their DTO. Has to be called before `describeResponses`, which replaces the texts of errors.
 */
export function describeOperations(document: OpenAPIObject): void {
  for (const { method, operation } of operationsOf(document)) {
    operation.security ??= [];
    operation.description ??= descriptionOf(method, operation);
    for (const parameter of operation.parameters ?? []) {
      if (!('in' in parameter) || parameter.in !== 'path') continue;
      const schema = parameter.schema as { type?: string };
      if (schema.type === 'string')
        parameter.schema = { minLength: 1, maxLength: MAX_PARAM_LENGTH, ...schema };
    }
    const { content = {} } = (operation.requestBody ?? {}) as {
      content?: Record<string, { schema?: Schema }>;
    };
    for (const { schema } of Object.values(content)) close(schema, document);
  }
}

function descriptionOf(method: string, operation: Operation): string {
  const named = (name: string) =>
    operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === name);
  return [
    accessOf(operation),
    method === 'patch' && 'Fields that are not sent stay as they are.',
    named('cursor') && 'The list has pages by number (`page`) or by `cursor`, not both.',
    named('Idempotency-Key') &&
      'With an `Idempotency-Key` the request can be sent again: it has its effect once, and gets the first response.',
  ]
    .filter(Boolean)
    .join(' ');
}

function accessOf({ security = [], responses }: Operation): string {
  if (security.length === 0) return 'For any client.';
  if (security.some((scheme) => Object.keys(scheme).length === 0))
    return 'For any client. A valid token tells who the caller is.';
  const { description: forbidden = '' } = (responses[403] ?? {}) as { description?: string };
  if (forbidden.includes(new NotOwnerError().detail)) return 'For the owner, with a token.';
  if (forbidden.includes(new ForbiddenError().detail)) return 'For superusers, with a token.';
  return 'For users, with a token.';
}

/** Documents that an object has no other properties; follows references. */
function close(schema: Schema | undefined, document: OpenAPIObject): void {
  if (!schema) return;
  if ('$ref' in schema)
    return close(document.components?.schemas?.[schema.$ref.split('/').at(-1)!], document);
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? [])]) close(part, document);
  if (schema.items) close(schema.items, document);
  if (!schema.properties) return;
  schema.additionalProperties ??= false;
  for (const property of Object.values(schema.properties)) close(property, document);
}
