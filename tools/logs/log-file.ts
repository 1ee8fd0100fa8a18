// @ts-check
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { lastLines } from '../lib/run.ts';

const MAX_BYTES = 20_000_000;
const CHECK_EVERY_MS = 30_000;
const TAIL_BYTES = 32_000;

/**
 * The log of one process. The process writes to it directly; the one of the run before is kept as `<file>.1`.
 */
export class LogFile {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) renameSync(path, `${path}.1`);
    closeSync(openSync(path, 'a'));
    this.#timer = setInterval(() => this.#keepBounded(), CHECK_EVERY_MS).unref();
  }

  /** @type {NodeJS.Timeout} */
  #timer;
  #mark = 0;

  /** A descriptor for a process that starts now; what it writes is what `tail` shows. */
  open() {
    const fd = openSync(this.path, 'a');
    this.#mark = fstatSync(fd).size;
    return fd;
  }

  /** The last lines since the last `open`. */
  tail() {
    const text = readFrom(this.path, this.#mark);
    return lastLines(text);
  }

  close() {
    clearInterval(this.#timer);
  }

  #keepBounded() {
    try {
      if (statSync(this.path).size < MAX_BYTES) return;
      copyFileSync(this.path, `${this.path}.1`);
      // The writer appends, so it goes on at the new end.
      truncateSync(this.path);
      this.#mark = 0;
    } catch {
      // Someone removed the log; that is no reason to stop what writes it.
    }
  }
}

/**
 * @param {string} path
 * @param {number} mark
 */
function readFrom(path, mark) {
  try {
    const fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(fd);
      const from = Math.max(mark, size - TAIL_BYTES);
      const bytes = Buffer.alloc(Math.max(0, size - from));
      readSync(fd, bytes, 0, bytes.length, from);
      return bytes.toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
