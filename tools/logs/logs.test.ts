import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderLine } from './log-lines.ts';
import { tail } from './tail.ts';

const dir = mkdtempSync(join(tmpdir(), 'logs-'));
after(() => rmSync(dir, { recursive: true }));

describe('tail', () => {
  it('returns each complete line once', async () => {
    const { path, next, end } = followed('one\ntw');
    assert.equal(await next(), 'one');

    appendFileSync(path, 'o\nthree\n');

    assert.deepEqual([await next(), await next()], ['two', 'three']);
    await end();
  });

  it('continues after the file was truncated or replaced', async () => {
    const { path, next, end } = followed('before the cut\n');
    assert.equal(await next(), 'before the cut');
    truncateSync(path);
    appendFileSync(path, 'after\n');
    assert.equal(await next(), 'after');

    renameSync(path, `${path}.1`);
    writeFileSync(path, 'a new file\n');

    assert.equal(await next(), 'a new file');
    await end();
  });

  it('leaves no process when its process exits', () => {
    const path = fileWith('line\n');
    const module = JSON.stringify(join(import.meta.dirname, 'tail.ts'));
    const code = `const { tail } = await import(${module});
      for await (const line of tail(process.argv[1], { follow: true })) process.exit(line === 'line' ? 0 : 1);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', code, path]);

    assert.ok(!execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(path));
  });

  it('returns only the end of the present content', async () => {
    const path = fileWith(`first\n${'x\n'.repeat(30)}last\n`);

    const lines: string[] = [];
    for await (const line of tail(path, { follow: false })) lines.push(line);

    assert.equal(lines.at(-1), 'last');
    assert.ok(!lines.includes('first'));
  });
});

describe('renderLine', () => {
  const render = (line: string) => stripVTControlCharacters(renderLine(line));

  it('renders a line of JSON as time, level, message and fields', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-01-01T10:20:30.000Z',
      service: 'posts',
      msg: 'GET /x 200',
      ms: 1.2,
    });

    assert.match(render(line), /^\d\d:\d\d:\d\d INFO {2}GET \/x 200 ms=1\.2$/);
  });

  it('renders the stack of an error below its line', () => {
    const line = JSON.stringify({
      level: 'error',
      msg: 'failed',
      err: { message: 'no', stack: 'Error: no\n  at x' },
    });

    assert.match(render(line), /ERROR failed \nError: no\n {2}at x$/);
  });

  it('leaves other lines, also invalid JSON, as they are', () => {
    assert.equal(render('LOG: ready'), 'LOG: ready');
    assert.equal(render('{"level":'), '{"level":');
  });
});

let files = 0;

function fileWith(content: string): string {
  const path = join(dir, `${(files += 1)}.log`);
  writeFileSync(path, content);
  return path;
}

function followed(content: string) {
  const path = fileWith(content);
  const lines = tail(path, { follow: true });
  return { path, next: async () => (await lines.next()).value, end: () => lines.return(undefined) };
}
