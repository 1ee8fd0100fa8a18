import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEnvFile } from './env-file.ts';

describe('readEnvFile', () => {
  for (const [what, text, value] of [
    ['a value', 'A=1', '1'],
    ['blanks around name and value', '  A = a b  ', 'a b'],
    ['a byte order mark and Windows line ends', '\uFEFFA=1\r\nB=2\r\n', '1'],
    ['an exported name', 'export A=1', '1'],
    ['a comment after the value', 'A=1 # one', '1'],
    ['a number sign inside a value', 'A=pass#1', 'pass#1'],
    ['an empty value', 'A=', ''],
    [
      'single quotes, in which everything is literal',
      `A='pa$$word #1 \\n "x"' # a password`,
      'pa$$word #1 \\n "x"',
    ],
    ['double quotes', 'A="it\'s #1"', `it's #1`],
    ['quotes inside a value', `A=it's`, `it's`],
    ['a backslash', 'A=C:\\temp', 'C:\\temp'],
    ['the last of two lines', 'A=1\nA=2', '2'],
    ['comments and empty lines', '# A=2\n\nA=1', '1'],
  ] as const)
    it(`reads ${what}`, () => {
      const { values, problems } = readEnvFile(text);

      assert.deepEqual(problems, []);
      assert.equal(values.A, value);
    });

  for (const [what, line] of [
    ['a dollar sign', 'A=pa$$word'],
    ['a dollar sign in double quotes', 'A="pa$word"'],
    ['a backslash in double quotes', 'A="a\\n"'],
    ['a quote that does not end', `A='b`],
    ['text after a quote', `A="a" b`],
    ['a value that begins with a number sign', 'A= # b'],
  ] as const)
    it(`refuses ${what}, with the line number and the remedy`, () => {
      const { problems } = readEnvFile(`# a comment\n${line}`);

      assert.equal(problems.length, 1);
      assert.match(problems[0]!, /^\.env, line 2: write the value of A in single quotes/);
    });

  for (const line of ['A', 'A: 1', 'A B=1', '=1', '1A=1', 'A-B=1'])
    it(`refuses ${line}`, () => {
      const { problems } = readEnvFile(line);

      assert.deepEqual(problems, ['.env, line 1: is not of the form NAME=value']);
    });
});
