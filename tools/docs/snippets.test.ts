import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillIn } from './snippets.ts';

const CODE = [
  'import x;',
  '',
  'class A {',
  '  // #region outer',
  '  one();',
  '  // #region inner',
  '  two();',
  '  // #endregion',
  '  // #endregion',
  '}',
  '',
].join('\n');
const page = (marker: string, body = 'old') =>
  ['Text', '', marker, '```ts', ...body.split('\n'), '```', 'more'].join('\n');
const filled = (text: string) =>
  fillIn(text, (path) => {
    if (path !== 'a.ts') throw new Error(`no file ${path}`);
    return CODE;
  });

describe('the code in a guide', () => {
  it('is a region of a file, without its indentation and without marks', () => {
    assert.equal(
      filled(page('<!-- from a.ts#outer -->')),
      page('<!-- from a.ts#outer -->', 'one();\ntwo();'),
    );
    assert.equal(filled(page('<!-- from a.ts#inner -->')), page('<!-- from a.ts#inner -->', 'two();'));
  });

  it('is the whole file when no region is named', () => {
    const whole = 'import x;\n\nclass A {\n  one();\n  two();\n}';
    assert.equal(filled(page('<!-- from a.ts -->')), page('<!-- from a.ts -->', whole));
  });

  it('does not change when it is up to date', () => {
    const once = filled(page('<!-- from a.ts#outer -->'));
    assert.equal(filled(once), once);
  });

  it('may be an example whose file was removed', () => {
    const example = page('<!-- was in b.ts -->');
    assert.equal(filled(example), example);
  });

  it('is refused when no marker names its file', () => {
    assert.throws(() => filled(page('')), /line 4: name the file above the block/);
  });

  it('is refused when its file or region does not exist', () => {
    assert.throws(() => filled(page('<!-- from b.ts#outer -->')), /no file b\.ts/);
    assert.throws(() => filled(page('<!-- from a.ts#other -->')), /a\.ts has no "\/\/ #region other"/);
  });

  it('is refused when a marker has no block', () => {
    assert.throws(() => filled('<!-- from a.ts#outer -->\n\n```ts\n```'), /must follow/);
  });

  it('does not change commands, responses and markers that are shown', () => {
    const shown = '```sh\nnpm start\n```\n```md\n<!-- from a.ts#outer -->\n```';
    assert.equal(filled(shown), shown);
  });
});
