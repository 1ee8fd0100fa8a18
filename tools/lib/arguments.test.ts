import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from './root.ts';

for (const command of ['tools/stack/start.ts', 'tools/test/test.ts', 'tools/sync/sync.ts'])
  describe(command, () => {
    const run = (argument: string) =>
      spawnSync(process.execPath, [join(ROOT, command), argument], { encoding: 'utf8' });

    it('prints its usage for --help', () => {
      const { status, stdout } = run('--help');
      assert.equal(status, 0);
      assert.match(stdout, /^Usage: npm /);
    });

    it('refuses an unknown option with its usage', () => {
      const { status, stdout } = run('--unknown');
      assert.equal(status, 1);
      assert.match(stdout, /Error:.*'--unknown'.*\nUsage: npm /s);
    });
  });
