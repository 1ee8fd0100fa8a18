// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { SERVICES } from '../../infra/services.ts';

const require = createRequire(import.meta.url);
const { Ajv } = require('ajv');
const addFormats = require('ajv-formats');
const rules = require('@asyncapi/specs/schemas/3.0.0.json');
const document = JSON.parse(
  readFileSync(new URL('../../packages/contracts/asyncapi.json', import.meta.url), 'utf8'),
);

describe('the AsyncAPI document', () => {
  it('is one of version 3', () => {
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
    addFormats(ajv);
    const isAsyncApi = ajv.compile(rules);

    isAsyncApi(document);

    assert.deepEqual(isAsyncApi.errors ?? [], []);
  });

  it('refers to nothing that it does not have', () => {
    const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    const lost = pointers.filter(
      (path) => path.split('/').reduce((node, key) => node?.[key], document) === undefined,
    );

    assert.ok(pointers.length > 0);
    assert.deepEqual(lost, []);
  });

  it('has a publisher for every event that a service subscribes to', () => {
    const published = Object.values(SERVICES).flatMap(({ publishes }) => publishes);
    const subscribed = Object.values(SERVICES).flatMap(({ subscribes }) => subscribes);
    // A service that wants work done publishes this one: docs/guides/jobs.md.
    const byYourService = ['job.requested'];

    assert.deepEqual(
      subscribed.filter((event) => !published.includes(event) && !byYourService.includes(event)),
      [],
    );
  });
});
