// @ts-check
import { Interrupted } from './failure.ts';

/** @typedef {ReturnType<typeof painter>} Colours */
/** @typedef {<T>(title: string, work: () => Promise<T>, note?: (result: T) => string) => Promise<T>} Step */

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;
/** Without a terminal, a step that takes longer than this is announced. */
const PATIENCE_MS = 3_000;

/** Shows steps as they run and end: live lines on a terminal, plain lines elsewhere. */
export class Progress {
  /** @param {NodeJS.WriteStream} [stream] */
  constructor(stream = process.stdout) {
    this.#stream = stream;
    // Nobody reads any more: no reason to leave the work half done.
    stream.on('error', () => undefined);
    this.#live = Boolean(stream.isTTY) && process.env.TERM !== 'dumb' && !process.env.CI;
    this.colour = painter(stream);
  }

  #stream;
  #live;
  /** @type {Map<symbol, { title: string, since: number }>} */
  #running = new Map();
  #drawn = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @type {Step} */
  step = async (title, work, note = () => '') => {
    const id = Symbol(title);
    const since = Date.now();
    this.#running.set(id, { title, since });
    this.#schedule();
    const patience = this.#live
      ? undefined
      : setTimeout(() => this.say(`${this.colour.dim('…')} ${title}`), PATIENCE_MS);
    let mark = this.colour.green('✓');
    let remark = '';
    try {
      const result = await work();
      remark = note(result);
      return result;
    } catch (error) {
      mark = error instanceof Interrupted ? '' : this.colour.red('✗');
      throw error;
    } finally {
      clearTimeout(patience);
      this.#running.delete(id);
      if (mark)
        this.say(
          [mark, title, remark, this.colour.dim(seconds(Date.now() - since))].filter(Boolean).join(' '),
        );
      else this.#redraw();
    }
  };

  /** Prints a line above the live ones. @param {string} [text] */
  say = (text = '') => {
    this.#erase();
    this.#stream.write(`${text}\n`);
    this.#redraw();
  };

  #schedule() {
    if (!this.#live || this.#timer) return;
    this.#timer = setInterval(() => this.#redraw(), REDRAW_MS).unref();
  }

  #erase() {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #redraw() {
    if (!this.#live) return;
    this.#erase();
    const now = Date.now();
    const frame = FRAMES[Math.floor(now / REDRAW_MS) % FRAMES.length];
    for (const { title, since } of this.#running.values()) {
      this.#stream.write(`${this.colour.cyan(frame)} ${title} ${this.colour.dim(seconds(now - since))}\n`);
    }
    this.#drawn = this.#running.size;
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Colours, where the stream shows them.
 *
 * @param {NodeJS.WriteStream} stream
 */
export function painter(stream) {
  const on = process.env.FORCE_COLOR
    ? process.env.FORCE_COLOR !== '0'
    : Boolean(stream.isTTY) && !process.env.NO_COLOR;
  const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
    on ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    dim: paint(2),
    bold: paint(1),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    blue: paint(34),
    magenta: paint(35),
    cyan: paint(36),
  };
}
