import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, it } from 'node:test';
import { LogFollower } from './log-follower.ts';
import { renderLine } from './log-lines.ts';
import { coloursOf } from '../lib/progress.ts';

const dir = mkdtempSync(join(tmpdir(), 'logs-'));
after(() => rmSync(dir, { recursive: true }));

describe('LogFollower', () => {
  it('returns each complete line once', () => {
    const { path, follower } = followed('one\ntw');
    assert.deepEqual(follower.read(), ['one']);

    appendFileSync(path, 'o\nthree\n');

    assert.deepEqual(follower.read(), ['two', 'three']);
    assert.deepEqual(follower.read(), []);
  });

  it('continues after the file was truncated or replaced', () => {
    const { path, follower } = followed('before the cut\n');
    follower.read();
    truncateSync(path);
    assert.deepEqual(follower.read(), []);
    appendFileSync(path, 'after\n');
    assert.deepEqual(follower.read(), ['after']);

    renameSync(path, `${path}.1`);
    writeFileSync(path, 'a new file\n');

    assert.deepEqual(follower.read(), ['a new file']);
  });

  it('returns only the end of the content that exists before the first read', () => {
    const { follower } = followed(`${'x'.repeat(200)}\nlast\n`, 20);

    assert.deepEqual(follower.read(), ['last']);
  });
});

describe('renderLine', () => {
  const colour = coloursOf(new PassThrough());

  it('renders a line of JSON as time, level, message and fields', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-01-01T10:20:30.000Z',
      service: 'posts',
      msg: 'GET /x 200',
      ms: 1.2,
    });

    assert.match(renderLine(line, colour), /^\d\d:\d\d:\d\d INFO {2}GET \/x 200 ms=1\.2$/);
  });

  it('renders the stack of an error below its line', () => {
    const line = JSON.stringify({
      level: 50,
      msg: 'failed',
      err: { message: 'no', stack: 'Error: no\n  at x' },
    });

    assert.match(renderLine(line, colour), /ERROR failed \nError: no\n {2}at x$/);
  });

  it('leaves other lines, also invalid JSON, as they are', () => {
    assert.equal(renderLine('LOG: ready', colour), 'LOG: ready');
    assert.equal(renderLine('{"level":', colour), '{"level":');
  });
});

let files = 0;

function followed(content: string, backlogBytes = 1_000) {
  const path = join(dir, `${(files += 1)}.log`);
  writeFileSync(path, content);
  return { path, follower: new LogFollower(path, { backlogBytes }) };
}
