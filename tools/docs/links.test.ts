import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadLinks } from './links.ts';

const FILES: Record<string, string> = {
  'docs/auth.md': '# Auth\n\n## Who may call: `@Public()`, and more\n\n```sh\n# no heading\n```\n',
  'docs/guides/cache.md': '# Cache\n',
  'src/main.ts': '',
};

const check = (text: string) =>
  deadLinks(
    'docs/page.md',
    (path) => (path === 'docs/page.md' ? text : (FILES[path] ?? '')),
    (path) => path === 'docs/page.md' || path in FILES,
  );

describe('deadLinks', () => {
  it('accepts links to files, headings and other hosts', () => {
    assert.deepEqual(
      check(`# A page
[file](guides/cache.md) [code](../src/main.ts) [host](https://example.com/nothing)
[chapter](auth.md#who-may-call-public-and-more) [own](#a-page)`),
      [],
    );
  });

  it('names a file and a heading that do not exist', () => {
    assert.deepEqual(check('[a](guides/gone.md) [b](auth.md#gone) [c](auth.md#no-heading)'), [
      'docs/page.md: there is no docs/guides/gone.md, to which "guides/gone.md" leads',
      'docs/page.md: docs/auth.md has no heading #gone',
      'docs/page.md: docs/auth.md has no heading #no-heading',
    ]);
  });

  it('ignores code', () => {
    assert.deepEqual(check('`[a](gone.md)`\n\n```md\n[b](gone.md)\n```'), []);
  });
});
