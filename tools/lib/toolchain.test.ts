import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { removeStaleOutput } from './toolchain.ts';

describe('removeStaleOutput', () => {
  let workspace: string;
  const has = (path: string) => existsSync(join(workspace, path));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'toolchain-'));
    write('tsconfig.json', JSON.stringify({ compilerOptions: { rootDir: '.' }, include: ['src', 'test'] }));
    write('src/main.ts', 'export {};');
    for (const file of ['main.js', 'main.d.ts']) write(`dist/src/${file}`, 'export {};');
    write('dist/.tsbuildinfo', '{}');
  });

  afterEach(() => rmSync(workspace, { recursive: true }));

  it('keeps complete output', () => {
    removeStaleOutput([workspace]);
    assert.ok(has('dist/src/main.js') && has('dist/.tsbuildinfo'));
  });

  it('removes the output of a deleted source', () => {
    write('dist/src/deleted.js', '');
    removeStaleOutput([workspace]);
    assert.ok(!has('dist/src/deleted.js') && has('dist/.tsbuildinfo'));
  });

  it('makes tsc compile again when an output is missing', () => {
    rmSync(join(workspace, 'dist/src/main.js'));
    removeStaleOutput([workspace]);
    assert.ok(!has('dist/.tsbuildinfo'));
  });

  it('makes tsc compile again when an output is empty', () => {
    truncateSync(join(workspace, 'dist/src/main.d.ts'));
    removeStaleOutput([workspace]);
    assert.ok(!has('dist/.tsbuildinfo'));
  });
});
