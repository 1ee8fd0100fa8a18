// @ts-check
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 65_536;
/** A "line" without an end is shown in pieces of this size. */
const MAX_LINE = 100_000;

/** Reads what is appended to a file, line by line, across its truncation and replacement. */
export class LogFollower {
  /** @param {string} path @param {{ backlogBytes: number }} options  how much of what is there to show first */
  constructor(path, { backlogBytes }) {
    this.#path = path;
    this.#backlogBytes = backlogBytes;
  }

  #path;
  #backlogBytes;
  #inode = 0;
  #position = 0;
  #rest = '';
  #decoder = new StringDecoder('utf8');

  /** The whole lines that are new since the last call. @returns {string[]} */
  read() {
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

  /** @param {number} fd */
  #readFrom(fd) {
    const { ino, size } = fstatSync(fd);
    const first = this.#inode === 0;
    let partial = false;
    if (ino !== this.#inode || size < this.#position) {
      this.#inode = ino;
      this.#position = first ? Math.max(0, size - this.#backlogBytes) : 0;
      this.#rest = '';
      partial = this.#position > 0;
    }
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let text = this.#rest;
    const lines = [];
    while (this.#position < size) {
      const count = readSync(fd, buffer, 0, buffer.length, this.#position);
      if (count === 0) break;
      this.#position += count;
      text += this.#decoder.write(buffer.subarray(0, count));
      const pieces = text.split('\n');
      text = pieces.pop() ?? '';
      lines.push(...pieces);
      if (text.length > MAX_LINE) {
        lines.push(text);
        text = '';
      }
    }
    this.#rest = text;
    return partial ? lines.slice(1) : lines;
  }
}
