import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ApiAnswer } from '@repo/testing/api-client';

interface Refusal {
  content: Record<string, { examples?: Record<string, unknown> }>;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Refusal> }>>;
}

const { paths } = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@repo/contracts/openapi.json')), 'utf8'),
) as Document;

/** The API document has this refusal of the route, with its text. */
export function expectDocumented(route: string, { status, body }: ApiAnswer): void {
  const [method, path] = route.split(' ') as [string, string];
  const refusal = paths[`/api/v1${path}`]?.[method.toLowerCase()]?.responses[status];
  const texts = Object.keys(refusal?.content['application/problem+json']?.examples ?? {});
  expect({ route, status, texts }).toEqual({ route, status, texts: expect.arrayContaining([body.detail]) });
}
