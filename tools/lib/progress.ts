import { styleText } from 'node:util';
import { Interrupted } from './failure.ts';

/** Runs `work` as a step with a title; `note` describes its result. */
export type Step = <T>(title: string, work: () => Promise<T>, note?: (result: T) => string) => Promise<T>;

const COLOURS = ['dim', 'bold', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
/** The title of a step that takes longer than this is printed while it runs. */
const TITLE_AFTER_MS = 1_000;

/** Colours where standard output shows them; NO_COLOR and FORCE_COLOR decide as in Node. */
export const colour = Object.fromEntries(
  COLOURS.map((name) => [name, (text: string) => styleText(name, text)]),
) as Record<(typeof COLOURS)[number], (text: string) => string>;

/** Prints a line when the step ends, and before that when it takes long. */
export const step: Step = async (title, work, note = () => '') => {
  const since = Date.now();
  const timer = setTimeout(() => log(`${colour.dim('…')} ${title}`), TITLE_AFTER_MS);
  const end = (mark: string, result = '') =>
    log([mark, title, result, colour.dim(seconds(Date.now() - since))].filter(Boolean).join(' '));
  try {
    const result = await work();
    end(colour.green('✓'), note(result));
    return result;
  } catch (error) {
    if (!(error instanceof Interrupted)) end(colour.red('✗'));
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

export function log(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
