import { runTask } from './turbo.ts';

/** The result of one package's tests. */
export interface PackageResult {
  name: string;
  ok: boolean;
  /** `133 passed`, and whether turbo had the result in its cache. */
  note: string;
  /** The output of failed tests. */
  output: string;
}

interface Options {
  signal: AbortSignal;
  onResult?: (result: PackageResult) => void;
}

/**
 * Runs a task with tests in packages.
 *
 * @param args which packages, as turbo takes it: `--filter=users`, `--affected`
 */
export async function runPackageTests(
  task: string,
  args: string[],
  { signal, onResult }: Options,
): Promise<PackageResult[]> {
  const log = new TurboLog(task, onResult);
  const onOutput = (chunk: string) => log.add(chunk);
  const { code, output } = await runTask(task, args, { signal, onOutput });
  const results = log.results();
  if (code === 0 || results.some(({ ok }) => !ok)) return results;
  return [...results, { name: 'turbo', ok: false, note: 'failed', output }];
}

/** Reads the lines `<package>:<task>: <output>` that turbo writes. */
class TurboLog {
  private rest = '';
  private readonly line: RegExp;
  private readonly outputs = new Map<string, string[]>();
  private readonly done = new Map<string, PackageResult>();
  private readonly onResult: Options['onResult'];

  constructor(task: string, onResult: Options['onResult']) {
    this.line = new RegExp(`^(\\S+?):${task}: (.*)$`);
    this.onResult = onResult;
  }

  add(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.read(line);
  }

  results(): PackageResult[] {
    return [...this.outputs.keys()].map((name) => this.done.get(name) ?? this.resultOf(name));
  }

  private read(line: string): void {
    const [, name, text] = this.line.exec(line) ?? [];
    if (name === undefined || text === undefined) return;
    const output = this.outputs.get(name) ?? [];
    this.outputs.set(name, output);
    output.push(text);
    if (isLastLine(text)) this.finish(name);
  }

  private finish(name: string): void {
    const result = this.resultOf(name);
    this.done.set(name, result);
    this.onResult?.(result);
  }

  private resultOf(name: string): PackageResult {
    const text = (this.outputs.get(name) ?? []).join('\n');
    const { passed, failed } = countTests(text);
    const isEmpty = text.includes('No tests found, exiting with code 0');
    const ok = failed === 0 && (passed > 0 || isEmpty) && !/ELIFECYCLE|ERROR {2}command/.test(text);
    const cached = text.includes('cache hit') ? ' (cached)' : '';
    const counts = [failed > 0 && `${failed} failed`, `${passed} passed${cached}`].filter(Boolean).join(', ');
    return { name, ok, note: passed + failed === 0 ? 'no test ran' : counts, output: ok ? '' : text };
  }
}

/** Jest ends with `Ran all test suites`, Node's runner with its duration. */
const isLastLine = (text: string) => /^Ran all test suites|^ℹ duration_ms/.test(text);

function countTests(output: string): { passed: number; failed: number } {
  const jest = /^Tests: +(.*), \d+ total$/m.exec(output)?.[1] ?? '';
  const count = (jestWord: string, nodeWord: string) =>
    Number(
      new RegExp(`(\\d+) ${jestWord}`).exec(jest)?.[1] ??
        new RegExp(`^ℹ ${nodeWord} (\\d+)`, 'm').exec(output)?.[1] ??
        0,
    );
  return { passed: count('passed', 'pass'), failed: count('failed', 'fail') };
}
