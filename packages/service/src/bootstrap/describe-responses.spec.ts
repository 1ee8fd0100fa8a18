import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeResponses } from './describe-responses.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** The completed responses of an operation. */
function responsesOf(operation: Operation): Record<string, any> {
  const document: OpenAPIObject = {
    openapi: '3.1.0',
    info: { title: 'API', version: '1' },
    paths: { '/api/v1/thing/{id}': { get: operation } },
  };
  describeResponses(document);
  return operation.responses;
}

const textsOf = (response: any) => Object.keys(response.content['application/problem+json'].examples);

describe('describeResponses', () => {
  it('adds the status text to a success without a description', () => {
    const completed = responsesOf({ responses: { 200: { description: '' }, 201: { description: 'Mine' } } });

    expect([completed[200].description, completed[201].description]).toEqual(['OK', 'Mine']);
  });

  it('adds a problem document to errors, with an example of each text', () => {
    const completed = responsesOf({
      responses: { 404: { description: 'User not found\n\nPost not found' } },
    });

    expect(textsOf(completed[404])).toEqual(['User not found', 'Post not found']);
    expect(completed[404].content['application/problem+json'].examples['Post not found'].value).toEqual({
      type: 'urn:problem:post-not-found',
      title: 'Not Found',
      status: 404,
      detail: 'Post not found',
      instance: '/api/v1/thing/{id}',
      request_id: expect.any(String),
    });
  });

  it('adds the error of invalid fields to operations that can have one', () => {
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } as const;
    const name = { name: 'name', in: 'path', required: true, schema: { type: 'string' } } as const;
    const responses = () => ({ 422: { description: 'Name not available' } });
    const body = { content: {} };

    expect(textsOf(responsesOf({ requestBody: body, responses: responses() })[422])).toEqual([
      'The request has invalid fields.',
      'Name not available',
    ]);
    expect(textsOf(responsesOf({ parameters: [id], responses: {} })[422])).toEqual([
      'The request has invalid fields.',
    ]);
    expect(responsesOf({ parameters: [name], responses: {} })[422]).toBeUndefined();
  });

  it('adds a default problem response to each operation', () => {
    expect(responsesOf({ responses: {} }).default.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  });
});
