// Every rule of .dependency-cruiser.cjs reports a file that breaks it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from '../../tools/lib/root.ts';

interface Rule {
  name: string;
}

interface Violation {
  rule: Rule;
  from: string;
}

const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const FOLDERS = ['apps', 'packages', 'docs/examples'];
const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: Rule[] };

/** Names of packages with rules of their own, from the bottom layer to the top. */
const PACKAGES = forbidden.flatMap(({ name }) => /^tests-of-(.+)-import-lower-layers$/.exec(name)?.[1] ?? []);

/** A file that breaks the rule, and what it imports. */
const OFFENCES: Record<string, [from: string, to: string]> = {
  'no-cycles': ['apps/a/dist/src/one.js', 'apps/a/dist/src/two.js'],
  'no-app-in-another-app': ['apps/a/dist/src/a.client.js', 'apps/b/dist/src/b.js'],
  'no-app-in-packages': ['packages/core/dist/a.js', 'apps/a/dist/src/b.js'],
  'no-testing-in-production': ['apps/a/dist/src/e.js', 'packages/redis/dist/testing/b.js'],
  'no-repository-in-controllers': ['apps/a/dist/src/a/a.controller.js', 'apps/a/dist/src/a/a.repository.js'],
  'no-typeorm-in-services': ['apps/a/dist/src/a/a.service.js', 'node_modules/typeorm/index.js'],
  'no-service-in-repositories': ['apps/a/dist/src/b/b.repository.js', 'apps/a/dist/src/b/b.service.js'],
  'entities-import-entities': ['apps/a/dist/src/a/a.entity.js', 'apps/a/dist/src/settings.js'],
  'no-app-in-examples': ['docs/examples/dist/a.js', 'apps/a/dist/src/d.js'],
};
for (const name of PACKAGES) {
  const rule = name === 'contracts' ? 'contracts-have-no-logic' : `${name}-imports-lower-layers`;
  OFFENCES[rule] = [`packages/${name}/dist/c.js`, 'packages/another/dist/b.js'];
  OFFENCES[`tests-of-${name}-import-lower-layers`] = [
    `packages/${name}/dist/c.spec.js`,
    'packages/another/dist/b.js',
  ];
}

let folder: string;
let violations: Violation[];

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  for (const [from, to] of Object.values(OFFENCES)) {
    write(to, 'export {};');
    write(from, importOf(from, to));
  }
  const [one = '', two = ''] = OFFENCES['no-cycles'] ?? [];
  write(two, importOf(two, one));
  const args = ['--config', CONFIG, '--output-type', 'json', ...FOLDERS];
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/depcruise'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.ok(stdout, stderr);
  violations = JSON.parse(stdout).summary.violations;
});
after(() => rmSync(folder, { recursive: true }));

describe('the architecture rules', () => {
  it('are all tested here', () => {
    assert.deepEqual(Object.keys(OFFENCES).sort(), forbidden.map(({ name }) => name).sort());
  });

  for (const [name, [from]] of Object.entries(OFFENCES)) {
    it(`${name} reports a file that breaks it`, () => {
      const reported = violations.filter(({ rule }) => rule.name === name).map((violation) => violation.from);
      assert.ok(reported.includes(from), `${from} is not reported, but ${reported.join(', ') || 'nothing'}`);
    });
  }
});

function importOf(from: string, to: string): string {
  return `import '${'../'.repeat(from.split('/').length - 1)}${to}';`;
}

function write(file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
