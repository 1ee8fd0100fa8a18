import { styleText } from 'node:util';
import { Interrupted } from './failure.ts';

/** Runs `work` as a step with a title; `note` describes its result. */
export type Step = <T>(title: string, work: () => Promise<T>, note?: (result: T) => string) => Promise<T>;

const COLOURS = ['dim', 'bold', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
export type Colours = Record<(typeof COLOURS)[number], (text: string) => string>;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;
/** Without a terminal, a step that takes longer than this is announced when it runs. */
const ANNOUNCE_AFTER_MS = 3_000;

/** Shows steps as they run and end: redrawn lines on a terminal, plain lines elsewhere. */
export class Progress {
  readonly colour: Colours;
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #running = new Map<symbol, { title: string; since: number }>();
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    // A reader that closed its end (`| head`) does not stop the work.
    stream.on('error', () => undefined);
    this.#isLive = stream.isTTY && process.env.TERM !== 'dumb' && !process.env.CI;
    this.colour = coloursOf(stream);
  }

  step: Step = async (title, work, note = () => '') => {
    const { dim, green, red } = this.colour;
    const id = Symbol(title);
    const since = Date.now();
    this.#running.set(id, { title, since });
    this.#schedule();
    const announcement = this.#isLive
      ? undefined
      : setTimeout(() => this.log(`${dim('…')} ${title}`), ANNOUNCE_AFTER_MS);
    let line: string[] = [];
    try {
      const result = await work();
      line = [green('✓'), title, note(result)];
      return result;
    } catch (error) {
      if (!(error instanceof Interrupted)) line = [red('✗'), title];
      throw error;
    } finally {
      clearTimeout(announcement);
      this.#running.delete(id);
      if (line.length > 0) this.log([...line, dim(seconds(Date.now() - since))].filter(Boolean).join(' '));
      else this.#redraw();
    }
  };

  /** Prints a line above the running steps. */
  log = (text = ''): void => {
    this.#erase();
    this.#stream.write(`${text}\n`);
    this.#redraw();
  };

  #schedule() {
    if (this.#isLive) this.#timer ??= setInterval(() => this.#redraw(), REDRAW_MS).unref();
  }

  #erase() {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #redraw() {
    if (!this.#isLive) return;
    this.#erase();
    const now = Date.now();
    const frame = FRAMES[Math.floor(now / REDRAW_MS) % FRAMES.length] ?? '';
    for (const { title, since } of this.#running.values()) {
      this.#stream.write(`${this.colour.cyan(frame)} ${title} ${this.colour.dim(seconds(now - since))}\n`);
    }
    this.#drawn = this.#running.size;
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

export function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** Colours where the stream shows them; NO_COLOR and FORCE_COLOR decide as in Node. */
export function coloursOf(stream: NodeJS.WritableStream): Colours {
  return Object.fromEntries(
    COLOURS.map((colour) => [colour, (text: string) => styleText(colour, text, { stream })]),
  ) as Colours;
}
