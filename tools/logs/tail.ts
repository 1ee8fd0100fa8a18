import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 65_536;
/** A longer line is returned in pieces. */
const MAX_LINE = 100_000;

/** Reads what is appended to a file, line by line, also after it was truncated or replaced. */
export class LogFollower {
  readonly #path: string;
  readonly #backlogBytes: number;
  readonly #decoder = new StringDecoder('utf8');
  #inode = 0;
  #position = 0;
  #rest = '';

  /** `backlogBytes`: how much of the present content the first `read` returns. */
  constructor(path: string, { backlogBytes }: { backlogBytes: number }) {
    this.#path = path;
    this.#backlogBytes = backlogBytes;
  }

  /** The complete lines that are new since the last call. */
  read(): string[] {
    let fd;
    try {
      fd = openSync(this.#path, 'r');
    } catch {
      return [];
    }
    try {
      return this.#readFrom(fd);
    } finally {
      closeSync(fd);
    }
  }

  #readFrom(fd: number): string[] {
    const { ino, size } = fstatSync(fd);
    const isFirst = this.#inode === 0;
    let startsInLine = false;
    if (ino !== this.#inode || size < this.#position) {
      this.#inode = ino;
      this.#position = isFirst ? Math.max(0, size - this.#backlogBytes) : 0;
      this.#rest = '';
      startsInLine = this.#position > 0;
    }
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const lines: string[] = [];
    while (this.#position < size) {
      const count = readSync(fd, buffer, 0, buffer.length, this.#position);
      if (count === 0) break;
      this.#position += count;
      const pieces = (this.#rest + this.#decoder.write(buffer.subarray(0, count))).split('\n');
      this.#rest = pieces.pop() ?? '';
      lines.push(...pieces);
      if (this.#rest.length > MAX_LINE) {
        lines.push(this.#rest);
        this.#rest = '';
      }
    }
    return startsInLine ? lines.slice(1) : lines;
  }
}
