import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compose } from '../../../../infra/deploy/compose.ts';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { ROOT } from '../../../../tools/lib/root.ts';
import type { Stack } from '../stack.ts';

const CHANGED = 'posts';
const LIMIT_S = 30;

/** A change in one app makes one new image, quickly. */
export async function rebuild(stack: Stack): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  const clone = new Compose({ folder });
  const build = async (tag: string) => {
    writeFileSync(join(folder, '.env'), `IMAGE_PREFIX=${stack.project}\nTAG=${tag}\n`);
    await clone.compose('build', '--quiet');
    const names = SERVICE_NAMES.map((service) => `${stack.project}/${service}:${tag}`);
    return { names, ids: (await clone.docker('inspect', '--format', '{{.Id}}', ...names)).split('\n') };
  };
  try {
    await stack.run('git', 'clone', '--quiet', ROOT, folder);
    const before = await build('before');
    appendFileSync(join(folder, `apps/${CHANGED}/src/main.ts`), '// Changed.\n');
    const since = Date.now();
    const after = await build('after');
    const seconds = (Date.now() - since) / 1000;
    const rebuilt = SERVICE_NAMES.filter((_, index) => after.ids[index] !== before.ids[index]);
    console.log(`after a change in ${CHANGED}: ${rebuilt.join(', ')} rebuilt in ${seconds.toFixed(1)} s`);
    await clone.docker('rmi', ...before.names, ...after.names);
    assert.deepEqual(rebuilt, [CHANGED]);
    assert.ok(seconds <= LIMIT_S, `more than ${LIMIT_S} s`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
