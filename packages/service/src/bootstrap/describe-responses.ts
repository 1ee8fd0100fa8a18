import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FieldError } from '@repo/contracts';
import { AppError, InvalidInputError, toProblem } from '@repo/core';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = { description: string };

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const REQUEST_ID = '01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d';
const SCHEMA = { $ref: '#/components/schemas/Problem' };

/** Completes the responses of each operation: a description of successes, problem details with examples of errors. */
export function describeResponses({ paths }: OpenAPIObject): void {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operation.responses = responsesOf(operation, path);
    }
  }
}

function responsesOf(operation: Operation, path: string): Operation['responses'] {
  const responses: Operation['responses'] = {};
  const errors = new Map<number, AppError[]>();
  const invalid = invalidField(operation);
  if (invalid) errors.set(422, [new InvalidInputError(invalid)]);
  if (operation.requestBody) errors.set(415, [new AppError(415, 'Unsupported Media Type')]);
  for (const [code, { description }] of Object.entries(operation.responses) as [string, Response][]) {
    const status = Number(code);
    if (status < 400)
      responses[code] = { ...operation.responses[code], description: description || STATUS_CODES[code]! };
    // `@ApiProblem` writes one paragraph for each text.
    else
      errors.set(status, [
        ...(errors.get(status) ?? []),
        ...description.split('\n\n').map((text) => new AppError(status, text)),
      ]);
  }
  for (const [status, ofStatus] of errors) responses[status] = problemResponse(ofStatus, path);
  responses.default = {
    description: 'Any other error',
    content: { 'application/problem+json': { schema: SCHEMA } },
  };
  return responses;
}

function problemResponse(errors: AppError[], instance: string) {
  const examples = errors.map((error) => [
    error.detail,
    { value: toProblem(error, { instance, requestId: REQUEST_ID }) },
  ]);
  return {
    description: errors.map(({ detail }) => detail).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: SCHEMA,
        examples: Object.fromEntries(examples) as Record<string, object>,
      },
    },
  };
}

/** An example of an invalid field; undefined for an operation without a body whose parameters accept any text. */
function invalidField({ requestBody, parameters = [] }: Operation): FieldError | undefined {
  if (requestBody)
    return { loc: ['body', 'unknown'], type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
  for (const parameter of parameters) {
    if (!('in' in parameter) || parameter.in === 'header') continue;
    const loc = [parameter.in, parameter.name];
    const { type } = parameter.schema as { type?: string };
    if (type === 'integer')
      return { loc, type: 'int_parsing', msg: 'Input should be a valid integer, in plain decimal digits' };
    if (parameter.in === 'query' && parameter.required)
      return { loc, type: 'missing', msg: 'Field required' };
  }
  return undefined;
}
