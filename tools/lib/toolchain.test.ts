import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { hasPackages, removeStaleOutput } from './toolchain.ts';

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

describe('hasPackages', () => {
  it('notices a package that another one needs and that is gone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pnpm-'));
    const dependency = join(folder, 'b@1/node_modules/b');
    mkdirSync(join(folder, 'a@1/node_modules'), { recursive: true });
    mkdirSync(dependency, { recursive: true });
    symlinkSync(dependency, join(folder, 'a@1/node_modules/b'));
    writeFileSync(join(dependency, 'package.json'), '{}');
    assert.ok(hasPackages(folder));

    rmSync(join(folder, 'b@1'), { recursive: true });
    assert.ok(!hasPackages(folder));
    rmSync(folder, { recursive: true });
  });
});
