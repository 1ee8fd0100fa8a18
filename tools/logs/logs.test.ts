// @ts-check
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { LogFollower } from './log-follower.ts';
import { renderLine } from './log-lines.ts';
import { painter } from '../lib/progress.ts';

const dir = mkdtempSync(join(tmpdir(), 'logs-'));
after(() => rmSync(dir, { recursive: true }));

describe('LogFollower', () => {
  it('gives whole lines, once each, as they come', () => {
    const { path, follower } = followed('one\ntw');
    assert.deepEqual(follower.read(), ['one']);

    appendFileSync(path, 'o\nthree\n');

    assert.deepEqual(follower.read(), ['two', 'three']);
    assert.deepEqual(follower.read(), []);
  });

  it('goes on when the file is truncated or replaced', () => {
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

  it('shows only the end of what was there before', () => {
    const { follower } = followed(`${'x'.repeat(200)}\nlast\n`, 20);

    assert.deepEqual(follower.read(), ['last']);
  });
});

describe('renderLine', () => {
  const colour = painter(/** @type {any} */ ({ isTTY: false }));

  it('makes one readable line of JSON', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-01-01T10:20:30.000Z',
      service: 'posts',
      msg: 'GET /x 200',
      ms: 1.2,
    });

    assert.match(renderLine(line, colour), /^\d\d:\d\d:\d\d INFO {2}GET \/x 200 ms=1\.2$/);
  });

  it('shows the stack of an error below', () => {
    const line = JSON.stringify({
      level: 50,
      msg: 'failed',
      err: { message: 'no', stack: 'Error: no\n  at x' },
    });

    assert.match(renderLine(line, colour), /ERROR failed \nError: no\n {2}at x$/);
  });

  it('leaves other lines, broken JSON too, as they are', () => {
    assert.equal(renderLine('LOG: ready', colour), 'LOG: ready');
    assert.equal(renderLine('{"level":', colour), '{"level":');
  });
});

let files = 0;

/** @param {string} content @param {number} [backlogBytes] */
function followed(content, backlogBytes = 1_000) {
  const path = join(dir, `${(files += 1)}.log`);
  writeFileSync(path, content);
  return { path, follower: new LogFollower(path, { backlogBytes }) };
}
