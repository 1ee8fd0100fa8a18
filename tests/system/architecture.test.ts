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
  from: { path: string };
  to: { path: string };
}

interface Violation {
  rule: Rule;
  from: string;
}

const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const FOLDERS = ['apps', 'packages', 'docs/examples', 'infra'];
const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: Rule[] };

/** Names of packages with rules of their own, from the bottom layer to the top. */
const PACKAGES = forbidden.flatMap(({ name }) => /^tests-of-(.+)-import-lower-layers$/.exec(name)?.[1] ?? []);

/** A file that breaks the rule, and what it imports: types, or code for a cycle. */
const OFFENCES: Record<string, [from: string, to: string]> = {
  'no-cycles': ['apps/a/src/one.ts', 'apps/a/src/two.ts'],
  'core-without-typeorm-and-fastify': ['packages/core/src/d.ts', 'node_modules/typeorm/index.js'],
  'only-queue-imports-bullmq': ['apps/a/src/a.module.ts', 'node_modules/bullmq/index.js'],
  'no-app-in-another-app': ['apps/a/src/a.client.ts', 'apps/b/src/b.ts'],
  'no-app-in-packages': ['packages/core/src/a.ts', 'apps/a/src/b.ts'],
  'no-testing-in-production': ['apps/a/src/e.ts', 'packages/redis/dist/testing/b.js'],
  'no-repository-in-controllers': ['apps/a/src/a/a.controller.ts', 'apps/a/src/a/a.repository.ts'],
  'no-typeorm-in-services': ['apps/a/src/a/a.service.ts', 'node_modules/typeorm/index.js'],
  'no-service-in-repositories': ['apps/a/src/b/b.repository.ts', 'apps/a/src/b/b.service.ts'],
  'entities-import-entities': ['apps/a/src/a/a.entity.ts', 'apps/a/src/settings.ts'],
  'no-dev-dependencies-in-production': ['apps/a/src/f.ts', 'node_modules/tool/index.js'],
  'only-declared-dependencies': ['apps/a/src/h.ts', 'node_modules/other/index.js'],
  'no-package-in-deployed-files': ['infra/deploy/own.ts', 'packages/another/dist/c.js'],
  'no-tests-in-production': ['apps/a/src/g.ts', 'apps/a/test/a.ts'],
  'no-app-in-examples': ['docs/examples/src/a.ts', 'apps/a/src/d.ts'],
};
for (const name of PACKAGES) {
  const rule = name === 'contracts' ? 'contracts-have-no-logic' : `${name}-imports-lower-layers`;
  OFFENCES[rule] = [`packages/${name}/src/c.ts`, 'packages/another/dist/b.js'];
  OFFENCES[`tests-of-${name}-import-lower-layers`] = [
    `packages/${name}/src/c.spec.ts`,
    'packages/another/dist/b.js',
  ];
}

for (const { name, from, to } of forbidden.filter((rule) =>
  rule.name.endsWith('-imports-its-dependencies'),
)) {
  const [, other] = /\(\?:([\w-]+)/.exec(to.path) ?? [];
  OFFENCES[name] = [`${from.path.slice(1)}own.ts`, `packages/${other}/dist/own.js`];
}

let folder: string;
let violations: Violation[];

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  for (const [from, to] of Object.values(OFFENCES)) {
    write(to, 'export {};');
    write(from, importOf(from, to));
  }
  write('apps/a/package.json', '{ "devDependencies": { "tool": "1.0.0" } }');
  for (const name of ['tool', 'other'])
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
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

/** Imports types, except where a rule permits these. */
function importOf(from: string, to: string): string {
  if (to.startsWith('node_modules/tool/')) return "import 'tool';";
  if (to.startsWith('node_modules/other/')) return "import type {} from 'other';";
  const isCycle = OFFENCES['no-cycles']!.includes(from);
  const subject = isCycle || from.endsWith('/own.ts') ? '' : 'type {} from ';
  return `import ${subject}'${'../'.repeat(from.split('/').length - 1)}${to}';`;
}

function write(file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
