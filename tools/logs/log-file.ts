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
const CHECK_INTERVAL_MS = 30_000;
const TAIL_BYTES = 32_000;

/** The log of one process, which writes to it directly. The log of the run before is kept as `<file>.1`. */
export class LogFile {
  readonly path: string;
  readonly #timer: NodeJS.Timeout;
  #start = 0;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) renameSync(path, `${path}.1`);
    closeSync(openSync(path, 'a'));
    this.#timer = setInterval(() => this.#limitSize(), CHECK_INTERVAL_MS).unref();
  }

  /** A file descriptor for a process that starts now. `tail` shows what is written from here on. */
  open(): number {
    const fd = openSync(this.path, 'a');
    this.#start = fstatSync(fd).size;
    return fd;
  }

  /** The last lines since the last `open`. */
  tail(): string {
    try {
      return lastLines(readEnd(this.path, this.#start));
    } catch {
      return ''; // the log was removed
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #limitSize() {
    try {
      if (statSync(this.path).size < MAX_BYTES) return;
      copyFileSync(this.path, `${this.path}.1`);
      // The process appends, so it continues at the new end.
      truncateSync(this.path);
      this.#start = 0;
    } catch {
      // The log was removed: the process goes on without it.
    }
  }
}

/** The text from `start` to the end of the file, at most TAIL_BYTES of it. */
function readEnd(path: string, start: number): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(start, size - TAIL_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - from));
    readSync(fd, bytes, 0, bytes.length, from);
    return bytes.toString('utf8');
  } finally {
    closeSync(fd);
  }
}
