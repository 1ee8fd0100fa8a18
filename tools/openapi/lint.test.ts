import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { violations } from './lint.ts';

const text = readFileSync(new URL('../../packages/contracts/openapi.json', import.meta.url), 'utf8');

describe('the rules for the API document', () => {
  it('hold in the committed document', async () => {
    assert.deepEqual(await violations(JSON.parse(text)), []);
  });

  it('find an operation without summary, tag or operationId, and responses without body or schema', async () => {
    const document = JSON.parse(text);
    const operation = document.paths['/api/v1/user/me'].get;
    delete operation.summary;
    delete operation.operationId;
    operation.tags = [];
    operation.responses[200] = { description: 'OK' };
    operation.responses[401].content['application/problem+json'] = {};

    const rules = (await violations(document)).map((sentence) => /\((\S+)\)$/.exec(sentence)?.[1]);

    assert.deepEqual(rules.sort(), [
      'operation-operationId',
      'operation-summary',
      'rule/content-has-schema',
      'rule/operation-has-one-tag',
      'rule/response-has-content',
    ]);
  });
});
