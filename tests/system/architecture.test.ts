// @ts-check
// Every rule of .dependency-cruiser.cjs has to catch what it is there for: a rule that cannot fail is none.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));

/** Names of packages with rules of their own, from the bottom layer to the top. */
const PACKAGES = forbidden.flatMap((/** @type {{ name: string }} */ { name }) => {
  const [, found] = /^tests-of-(.+)-import-lower-layers$/.exec(name) ?? [];
  return found ? [found] : [];
});

/** What each rule forbids: a file, and what it imports. @type {Record<string, [from: string, to: string]>} */
const OFFENCES = {
  'no-cycles': ['apps/a/dist/src/one.js', 'apps/a/dist/src/two.js'],
  'no-app-in-another-app': ['apps/a/dist/src/a.client.js', 'apps/b/dist/src/b.js'],
  'no-app-in-packages': ['packages/core/dist/a.js', 'apps/a/dist/src/b.js'],
  'no-testing-in-production': ['apps/a/dist/src/e.js', 'packages/redis/dist/testing/b.js'],
  'no-repository-in-controllers': ['apps/a/dist/src/a/a.controller.js', 'apps/a/dist/src/a/a.repository.js'],
  'no-typeorm-in-services': ['apps/a/dist/src/a/a.service.js', 'node_modules/typeorm/index.js'],
  'no-service-in-repositories': ['apps/a/dist/src/b/b.repository.js', 'apps/a/dist/src/b/b.service.js'],
  'entities-import-entities': ['apps/a/dist/src/a/a.entity.js', 'apps/a/dist/src/settings.js'],
  'no-app-in-examples': ['docs/examples/dist/a.js', 'apps/a/dist/src/d.js'],
  'no-app-in-tests-of-the-system': ['tests/dist/a.js', 'apps/a/dist/src/c.js'],
};
for (const name of PACKAGES) {
  const rule = name === 'contracts' ? 'contracts-have-no-logic' : `${name}-imports-lower-layers`;
  OFFENCES[rule] = [`packages/${name}/dist/c.js`, 'packages/another/dist/b.js'];
  OFFENCES[`tests-of-${name}-import-lower-layers`] = [
    `packages/${name}/dist/c.spec.js`,
    'packages/another/dist/b.js',
  ];
}

/** @type {string} */
let folder;
/** @type {{ rule: { name: string }, from: string, to: string }[]} */
let violations;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  for (const [from, to] of Object.values(OFFENCES)) {
    write(to, 'export {};');
    write(from, `import '${'../'.repeat(from.split('/').length - 1)}${to}';`);
  }
  const [one = '', two = ''] = OFFENCES['no-cycles'] ?? [];
  write(two, `import '${'../'.repeat(two.split('/').length - 1)}${one}';`);
  const cruiser = join(root, 'node_modules/.bin/depcruise');
  const args = [
    '--config',
    join(root, '.dependency-cruiser.cjs'),
    '--output-type',
    'json',
    'apps',
    'packages',
    'docs/examples',
    'tests',
  ];
  const { stdout, stderr } = spawnSync(cruiser, args, {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.ok(stdout, stderr);
  violations = JSON.parse(stdout).summary.violations;
});
after(() => rmSync(folder, { recursive: true }));

describe('the architecture rules', () => {
  it('are all tried here', () => {
    const names = forbidden.map((/** @type {{ name: string }} */ { name }) => name);
    assert.deepEqual(Object.keys(OFFENCES).sort(), names.sort());
  });

  for (const [name, [from]] of Object.entries(OFFENCES)) {
    it(`${name}: catches what it is there for`, () => {
      const caught = violations.filter(({ rule }) => rule.name === name).map((violation) => violation.from);
      assert.ok(caught.includes(from), `${from} was let through; caught: ${caught.join(', ') || 'nothing'}`);
    });
  }
});

/** @param {string} file @param {string} text */
function write(file, text) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
