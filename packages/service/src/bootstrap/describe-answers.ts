import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FieldError } from '@repo/contracts';
import { AppError, InvalidInputError, toProblem } from '@repo/core';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answer = { description: string };

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const REQUEST_ID = '01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d';
const SCHEMA = { $ref: '#/components/schemas/Problem' };

/** Completes the answers of every operation: a word for each success, problem details with examples for each refusal. */
export function describeAnswers({ paths }: OpenAPIObject): void {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operation.responses = answersOf(operation, path);
    }
  }
}

function answersOf(operation: Operation, path: string): Operation['responses'] {
  const answers: Operation['responses'] = {};
  for (const [status, answer] of Object.entries(operation.responses) as [string, Answer][]) {
    answers[status] =
      Number(status) < 400
        ? { ...answer, description: answer.description || STATUS_CODES[status]! }
        : refusals(
            detailsOf(answer).map((detail) => new AppError(Number(status), detail)),
            path,
          );
  }
  const field = badField(operation);
  if (field) {
    const details = operation.responses[422] ? detailsOf(operation.responses[422] as Answer) : [];
    const errors = details.map((detail) => new AppError(422, detail));
    answers[422] = refusals([new InvalidInputError([field]), ...errors], path);
  }
  if (operation.requestBody) answers[415] = refusals([new AppError(415, 'Unsupported Media Type')], path);
  answers.default = {
    description: 'Any other refusal',
    content: { 'application/problem+json': { schema: SCHEMA } },
  };
  return answers;
}

/** The texts that decorators have noted for one status. */
const detailsOf = ({ description }: Answer): string[] => description.split('\n\n');

function refusals(errors: AppError[], instance: string) {
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

/** What a client can get wrong in the form of a request; nothing when its path is all there is, and any text will do. */
function badField({ requestBody, parameters = [] }: Operation): FieldError | undefined {
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
