import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { ApiAnswer } from '../../support/api.ts';

interface ErrorResponse {
  content: Record<string, { examples?: Record<string, unknown> }>;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, ErrorResponse> }>>;
}

const { paths } = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@repo/contracts/openapi.json')), 'utf8'),
) as Document;

/** The API document describes this error of the route, with its detail. */
export function expectDocumented(route: string, { status, body }: ApiAnswer): void {
  const [method, path] = route.split(' ') as [string, string];
  const error = paths[`/api/v1${path}`]?.[method.toLowerCase()]?.responses[status];
  const details = Object.keys(error?.content['application/problem+json']?.examples ?? {});
  expect({ route, status, details }).toEqual({
    route,
    status,
    details: expect.arrayContaining([body.detail]),
  });
}
