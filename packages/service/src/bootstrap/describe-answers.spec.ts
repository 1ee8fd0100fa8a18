import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeAnswers } from './describe-answers.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** The answers of an operation after they were described. */
function answersOf(operation: Operation): Record<string, any> {
  const document: OpenAPIObject = {
    openapi: '3.1.0',
    info: { title: 'API', version: '1' },
    paths: { '/api/v1/thing/{id}': { get: operation } },
  };
  describeAnswers(document);
  return operation.responses;
}

const textsOf = (answer: any) => Object.keys(answer.content['application/problem+json'].examples);

describe('describeAnswers', () => {
  it('gives a success a word, and leaves one that it has', () => {
    const answers = answersOf({ responses: { 200: { description: '' }, 201: { description: 'Mine' } } });

    expect([answers[200].description, answers[201].description]).toEqual(['OK', 'Mine']);
  });

  it('makes problem details of refusals, with an example for each text', () => {
    const answers = answersOf({ responses: { 404: { description: 'User not found\n\nPost not found' } } });

    expect(textsOf(answers[404])).toEqual(['User not found', 'Post not found']);
    expect(answers[404].content['application/problem+json'].examples['Post not found'].value).toEqual({
      type: 'urn:problem:post-not-found',
      title: 'Not Found',
      status: 404,
      detail: 'Post not found',
      instance: '/api/v1/thing/{id}',
      request_id: expect.any(String),
    });
  });

  it('adds the refusal of invalid fields where a request can have one, beside those of the route', () => {
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } as const;
    const name = { name: 'name', in: 'path', required: true, schema: { type: 'string' } } as const;
    const responses = () => ({ 422: { description: 'Name not available' } });
    const body = { content: {} };

    expect(textsOf(answersOf({ requestBody: body, responses: responses() })[422])).toEqual([
      'The request has invalid fields.',
      'Name not available',
    ]);
    expect(textsOf(answersOf({ parameters: [id], responses: {} })[422])).toEqual([
      'The request has invalid fields.',
    ]);
    expect(answersOf({ parameters: [name], responses: {} })[422]).toBeUndefined();
  });

  it('says of every operation what other refusals look like', () => {
    expect(answersOf({ responses: {} }).default.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  });
});
