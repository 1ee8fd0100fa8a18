// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unpinned, unpinnedActions, unusable } from './rules.ts';

describe('the lockfile', () => {
  const lockfile = (/** @type {string} */ resolution) =>
    `lockfileVersion: '9.0'\n\npackages:\n\n  good@1.0.0:\n    resolution: {integrity: sha512-abc=}\n\n  other@1.0.0:\n    resolution: ${resolution}\n\nsnapshots:\n`;

  it('may name what the registry has published, by its digest', () => {
    assert.deepEqual(unpinned(lockfile('{integrity: sha512-xyz==}')), []);
  });

  for (const resolution of [
    '{tarball: https://example.com/x.tgz}',
    '{integrity: sha1-xyz=}',
    '{integrity: sha512-xyz=, tarball: https://example.com/x.tgz}',
    '{commit: abc, repo: https://example.com/x.git, type: git}',
  ]) {
    it(`may not hold ${resolution}`, () => {
      assert.equal(unpinned(lockfile(resolution)).length, 1);
    });
  }

  it('may not be empty', () => {
    assert.equal(unpinned('').length, 1);
  });
});

describe('an action of a workflow', () => {
  const faults = (/** @type {string} */ action) => unpinnedActions(`    steps:\n      - uses: ${action}\n`);
  const digest = 'a'.repeat(40);

  it('is named by the digest of a commit, or is our own', () => {
    for (const action of [`actions/checkout@${digest} # v7.0.1`, './infra/action'])
      assert.deepEqual(faults(action), []);
  });

  it('is not named by something that can be moved, nor without its version', () => {
    for (const action of ['actions/checkout@v7', 'actions/checkout@main', `actions/checkout@${digest}`])
      assert.equal(faults(action).length, 1);
  });
});

describe('licences', () => {
  const under = (/** @type {string} */ licence) => unusable({ [licence]: [{ name: 'x' }] });

  it('that are listed are fine, alone or to choose from', () => {
    for (const licence of ['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC']) assert.deepEqual(under(licence), []);
  });

  it('that are not listed are refused, and so is an unknown one', () => {
    for (const licence of ['GPL-3.0', 'MIT AND GPL-3.0', 'Unknown', 'CC-BY-4.0'])
      assert.equal(under(licence).length, 1);
  });
});
