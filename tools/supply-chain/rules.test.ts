import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missingSettings, unpinned, unpinnedActions, unusable } from './rules.ts';

describe('the lockfile', () => {
  const lockfile = (resolution: string) =>
    `lockfileVersion: '9.0'\n\npackages:\n\n  good@1.0.0:\n    resolution: {integrity: sha512-abc=}\n\n  other@1.0.0:\n    resolution: ${resolution}\n\nsnapshots:\n`;

  it('may hold a package of the registry with its digest', () => {
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

describe('the settings of pnpm', () => {
  const settings = 'minimumReleaseAge: 4320\ntrustPolicy: no-downgrade\n';

  it('may be those that refuse new and less trusted versions', () => {
    assert.deepEqual(missingSettings(settings), []);
  });

  it('may not be absent, off or in a comment', () => {
    for (const other of ['', settings.replace('4320', '0'), settings.replace('trust', '# trust')])
      assert.notDeepEqual(missingSettings(other), []);
  });
});

describe('an action of a workflow', () => {
  const faults = (action: string) => unpinnedActions(`    steps:\n      - uses: ${action}\n`);
  const digest = 'a'.repeat(40);

  it('may be named by the digest of a commit, or be of this repository', () => {
    for (const action of [`actions/checkout@${digest} # v7.0.1`, './infra/action'])
      assert.deepEqual(faults(action), []);
  });

  it('may not be named by a tag or a branch, nor without its version', () => {
    for (const action of ['actions/checkout@v7', 'actions/checkout@main', `actions/checkout@${digest}`])
      assert.equal(faults(action).length, 1);
  });
});

describe('licences', () => {
  const under = (licence: string) => unusable({ [licence]: [{ name: 'x' }] });

  it('may be listed ones, alone or among others to choose from', () => {
    for (const licence of ['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC']) assert.deepEqual(under(licence), []);
  });

  it('may not be unlisted or unknown ones', () => {
    for (const licence of ['GPL-3.0', 'MIT AND GPL-3.0', 'Unknown', 'CC-BY-4.0'])
      assert.equal(under(licence).length, 1);
  });
});
