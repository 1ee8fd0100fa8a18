import assert from 'node:assert/strict';
import { it } from 'node:test';
import { looseFiles, untypedFiles } from './typed-files.ts';

it('names the TypeScript files that no tsconfig.json includes', () => {
  const configs = {
    'apps/posts/tsconfig.json': { include: ['src', 'test'] },
    'tools/tsconfig.json': { include: ['**/*.ts', '../infra/**/*.ts'] },
  };
  const typed = ['apps/posts/src/posts/a.ts', 'apps/posts/test/a.spec.ts', 'tools/a.ts', 'infra/deploy/a.ts'];
  const loose = [
    'a.ts',
    '.github/a.ts',
    'apps/a.ts',
    'apps/posts/a.ts',
    'docs/a.ts',
    'packages/cache/test/a.ts',
  ];
  assert.deepEqual(looseFiles([...typed, ...loose], configs), loose);
});

it('names JavaScript that is neither the bootstrap, nor configuration, nor loaded by a browser', () => {
  const allowed = ['tools/bootstrap.js', 'apps/posts/jest.config.js', 'apps/auth/assets/start.js', 'a.ts'];
  const untyped = [
    'tools/lib/a.js',
    'infra/deploy/bootstrap.mjs',
    'packages/cache/assets/a.js',
    'tests/a.jsx',
  ];
  assert.deepEqual(untypedFiles([...allowed, ...untyped]), untyped);
});
