import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertion, listItem, removal, shared } from './edits.ts';

describe('insertion', () => {
  const yaml =
    'services:\n  one:\n    image: a\n\n  # two\n  two:\n    image: b\n    list:\n      - x\n\nvolumes:\n  one:\n';

  it('inserts a block after another, and removes it without a difference', () => {
    const edit = insertion('', '\n  three:\n    image: c', { after: /^ {2}two:$/ });
    const applied = edit.apply(yaml);

    assert.match(applied, /- x\n\n {2}three:\n {4}image: c\n\nvolumes:/);
    assert.equal(edit.revert(applied), yaml);
  });

  it('inserts a line before the end of a block', () => {
    const edit = insertion('', '  b: 2,', { endOf: /^const map/ });
    const applied = edit.apply('const map = {\n  a: 1,\n};\n');

    assert.equal(applied, 'const map = {\n  a: 1,\n  b: 2,\n};\n');
    assert.equal(edit.revert(applied), 'const map = {\n  a: 1,\n};\n');
  });

  it('inserts after an import of several lines', () => {
    const edit = insertion('', `import { b } from 'b';`, { after: /^import / });
    const text = `import {\n  a,\n} from 'a';\n\na();\n`;

    assert.equal(edit.apply(text), `import {\n  a,\n} from 'a';\nimport { b } from 'b';\n\na();\n`);
  });

  it('fails when no line matches', () => {
    assert.throws(() => insertion('', 'c', { after: /^b/ }).apply('a'), /No line matches/);
  });

  it('is not reverted while another owner needs it', () => {
    const edit = shared(insertion('', 'a', { before: /^/ }), (text) => text.includes('use(a)'));

    assert.equal(edit.revert('a\nuse(a)'), 'a\nuse(a)');
    assert.equal(edit.revert('a\nb'), 'b');
  });
});

describe('listItem', () => {
  it('adds an item once, and removes it', () => {
    const edit = listItem('', /names = \[/, `'b'`);

    assert.equal(edit.apply(`names = ['a'];`), `names = ['a', 'b'];`);
    assert.equal(edit.apply(`names = ['b'];`), `names = ['b'];`);
    assert.equal(edit.revert(`names = ['a', 'b'];`), `names = ['a'];`);
  });

  it('adds an item before the one that follows it', () => {
    const edit = listItem('', /import \{(?=[^}]*\} from 'b')/, 'y', (other) => other > 'y');

    assert.equal(
      edit.apply(`import {z} from 'a';import {x, z} from 'b';`),
      `import {z} from 'a';import {x, y, z} from 'b';`,
    );
  });

  it('leaves the brackets of other items alone', () => {
    const edit = listItem('', /imports: \[/, 'C');

    assert.equal(
      edit.apply('imports: [A.of({ b: [1, 2] }), B], x: []'),
      'imports: [A.of({ b: [1, 2] }), B, C], x: []',
    );
  });
});

describe('removal', () => {
  it('removes each block that begins with a matching line', () => {
    const text = 'services:\n  one:\n    image: a\n\n  # two\n  two:\n    image: b\n\nvolumes:\n  one:\n';

    assert.equal(
      removal('', /^ {2}one:$/).revert(text),
      'services:\n  # two\n  two:\n    image: b\n\nvolumes:\n',
    );
  });
});
