import { describeError, Failure, Interrupted } from '../lib/failure.ts';
import { colour, log, seconds, step } from '../lib/progress.ts';
import type { Check } from './checks.ts';
import { type PackageResult, runPackageTests } from './package-tests.ts';
import { runTask } from './turbo.ts';

const NOT_RUN = 'not run';

interface Row {
  name: string;
  ok: boolean;
  note: string;
  ms?: number;
}

/** Runs checks, shows each one as it ends, and prints a table of all. */
export class Report {
  private readonly rows: Row[] = [];
  private readonly since = Date.now();
  private readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get ok(): boolean {
    return this.rows.every(({ ok }) => ok);
  }

  async check({ name, task = `check:${name}`, needs }: Check): Promise<void> {
    if (this.rows.some((row) => row.name === needs?.name && !row.ok)) {
      this.rows.push({ name, ok: false, note: `${NOT_RUN}: ${needs!.name} failed` });
      return;
    }
    const since = Date.now();
    try {
      await step(name, () => this.run(task));
      this.rows.push({ name, ok: true, note: '', ms: Date.now() - since });
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      log(describeError(error));
      this.rows.push({ name, ok: false, note: 'failed', ms: Date.now() - since });
    }
  }

  /** @param args which packages, as turbo takes it */
  async tests(title: string, task: string, args: string[]): Promise<void> {
    const onResult = (result: PackageResult) => this.show(result);
    const results = await step(title, () => runPackageTests(task, args, { signal: this.signal, onResult }));
    for (const result of results) if (result.output) log(result.output);
    this.rows.push(...results);
  }

  print(): void {
    const { green, red, dim } = colour;
    const width = Math.max(...this.rows.map(({ name }) => name.length));
    log();
    for (const { name, ok, note, ms } of this.rows) {
      const took = ms === undefined ? '' : dim(seconds(ms));
      log(`  ${ok ? green('✓') : red('✗')} ${name.padEnd(width)}  ${note.padEnd(28)} ${took}`.trimEnd());
    }
    const failed = this.rows.filter(({ ok, note }) => !ok && !note.startsWith(NOT_RUN)).length;
    const total = seconds(Date.now() - this.since);
    log();
    log(
      failed === 0
        ? green(`All ${this.rows.length} checks passed in ${total}.`)
        : red(`${failed} of ${this.rows.length} checks failed, in ${total}.`),
    );
  }

  private async run(task: string): Promise<void> {
    const { code, output } = await runTask(task, ['--output-logs=errors-only'], { signal: this.signal });
    if (code !== 0) throw new Failure(`turbo run ${task} failed: see above.`, { details: output });
  }

  private show({ name, ok, note }: PackageResult): void {
    const { green, red, dim } = colour;
    log(`${ok ? green('✓') : red('✗')} ${name} ${dim(note)}`);
  }
}
