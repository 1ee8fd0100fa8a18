// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { missing } from './quality.ts';

const text = readFileSync(new URL('../../packages/contracts/openapi.json', import.meta.url), 'utf8');

/** @param {(operation: any, paths: any) => void} change */
function after(change) {
  const document = JSON.parse(text);
  change(document.paths['/api/v1/user/me'].get, document.paths);
  return missing(document);
}

describe('missing', () => {
  it('finds nothing in our document', () => {
    assert.deepEqual(
      after(() => undefined),
      [],
    );
  });

  it('names an operation without a summary, a tag, or a body of its answer', () => {
    const sentences = after((operation) => {
      delete operation.summary;
      operation.tags = [];
      operation.responses[200] = { description: 'OK' };
    });

    assert.deepEqual(sentences, [
      'GET /api/v1/user/me has no summary: say with @ApiOperation({ summary }) what it does.',
      'GET /api/v1/user/me needs one tag: give its controller @ApiTags().',
      'GET /api/v1/user/me does not say what comes with 200: @ApiOkResponse({ type }).',
    ]);
  });

  it('names an operation that bears the name of another', () => {
    const sentences = after((operation, paths) => {
      operation.operationId = paths['/api/v1/user/{username}'].get.operationId;
    });

    assert.equal(sentences.length, 1);
    assert.match(
      sentences[0] ?? '',
      /^GET \/api\/v1\/user\/\S+ has the operationId of GET \/api\/v1\/user\//,
    );
  });
});
