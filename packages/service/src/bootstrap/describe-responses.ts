import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FieldError } from '@repo/contracts';
import { AppError, InvalidInputError, toProblem, UnavailableError } from '@repo/core';
import { type Operation, operationsOf } from './describe-operations.js';

type Response = { description: string };

/** A body that is malformed, too large, or of another type. */
const BODY_ERRORS = [400, 413, 415];
const REQUEST_ID = '01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d';
const SCHEMA = { $ref: '#/components/schemas/Problem' };

/** Completes the responses of each operation: a description of successes, problem details with examples of errors. */
export function describeResponses(document: OpenAPIObject): void {
  for (const { path, method, operation } of operationsOf(document))
    operation.responses = responsesOf(operation, method, path);
}

function responsesOf(operation: Operation, method: string, path: string): Operation['responses'] {
  const responses: Operation['responses'] = {};
  const errors = new Map<number, AppError[]>();
  const invalid = invalidField(operation);
  if (invalid) errors.set(422, [new InvalidInputError(invalid)]);
  if (operation.requestBody)
    for (const status of BODY_ERRORS) errors.set(status, [new AppError(status, STATUS_CODES[status]!)]);
  errors.set(503, [new UnavailableError()]);
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
  if (method === 'get' && hasEtag(operation))
    responses[304] = { description: 'Not changed since the `ETag` of `If-None-Match`' };
  for (const [status, ofStatus] of errors) responses[status] = problemResponse(ofStatus, path);
  responses.default = {
    description: 'Any other error',
    content: { 'application/problem+json': { schema: SCHEMA } },
  };
  return responses;
}

/** Public data, which a client may keep and revalidate. */
const hasEtag = ({ security, tags }: Operation) => security?.length === 0 && !tags?.includes('health');

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
