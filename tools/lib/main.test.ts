import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from './root.ts';

describe('a command that cannot load a file', () => {
  let folder: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const outputOf = (load: string) => {
    const main = JSON.stringify(join(ROOT, 'tools/lib/main.ts'));
    write('command.mjs', `import { runMain } from ${main};\nawait runMain(() => ${load});\n`);
    return spawnSync(process.execPath, ['command.mjs'], { cwd: folder, encoding: 'utf8' }).stdout;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'main-'));
    write('node_modules/without-main/package.json', '{ "exports": "./lib/index.js" }');
    write('node_modules/without-part/package.json', '{ "main": "index.js" }');
    write('node_modules/without-part/index.js', "require('./part');");
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ['without-main', 'without-part'])
    it(`names the remedy when a package is ${name.replace('-', ' its ')}`, () => {
      assert.match(
        outputOf(`import('${name}')`),
        /incomplete: run `rm -r node_modules`, then start again\.\n$/,
      );
    });

  it('names no remedy when the file is of the project', () => {
    assert.doesNotMatch(outputOf("import('./gone.js')"), /incomplete/);
  });
});
