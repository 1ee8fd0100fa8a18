import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitedRoutes } from './limited-routes.ts';

const operation = { responses: {} };
const limited = { ...operation, 'x-rate-limit': true } as const;

describe('limitedRoutes', () => {
  it('lists each path with a limited operation once', () => {
    const paths = {
      '/api/v1/notes': { get: operation },
      '/api/v1/tasks/task': { get: operation, post: limited },
      '/api/v1/user/{username}': { get: limited, patch: limited },
    };

    assert.deepEqual(limitedRoutes({ paths }).match(/'.+'/g), [
      `'api/v1/tasks/task'`,
      `'api/v1/user/{username}'`,
    ]);
  });

  it('is an empty list without limited operations', () => {
    assert.match(limitedRoutes({ paths: {} }), /LIMITED_ROUTES: readonly string\[\] = \[\n\];/);
  });
});
