import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { lastLines } from '../lib/run.ts';

const MAX_BYTES = 20_000_000;
const CHECK_INTERVAL_MS = 30_000;

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
      return lastLines(readFileSync(this.path).subarray(this.#start).toString());
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
