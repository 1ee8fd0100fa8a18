// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadLinks } from './link.ts';

/** @type {Record<string, string>} */
const FILES = {
  'docs/auth.md': '# Auth\n\n## Who may call: `@Public()`, and more\n\n```sh\n# no heading\n```\n',
  'docs/guides/cache.md': '# Cache\n',
  'src/main.ts': '',
};

/** @param {string} text */
const check = (text) =>
  deadLinks(
    'docs/page.md',
    (path) => (path === 'docs/page.md' ? text : (FILES[path] ?? '')),
    (path) => path === 'docs/page.md' || path in FILES,
  );

describe('deadLinks', () => {
  it('lets links to files, to chapters and to other hosts be', () => {
    assert.deepEqual(
      check(`# A page
[file](guides/cache.md) [code](../src/main.ts) [host](https://example.com/nothing)
[chapter](auth.md#who-may-call-public-and-more) [own](#a-page)`),
      [],
    );
  });

  it('names a file and a chapter that are not there', () => {
    assert.deepEqual(check('[a](guides/gone.md) [b](auth.md#gone) [c](auth.md#no-heading)'), [
      'docs/page.md: there is no docs/guides/gone.md, to which "guides/gone.md" leads',
      'docs/page.md: docs/auth.md has no chapter #gone',
      'docs/page.md: docs/auth.md has no chapter #no-heading',
    ]);
  });

  it('leaves code alone', () => {
    assert.deepEqual(check('`[a](gone.md)`\n\n```md\n[b](gone.md)\n```'), []);
  });
});
