import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = '--- response ---';
const TIMEOUT_MS = 60_000;

/** Runs the console blocks of a checkout's README in one shell, and compares each response. */
export function tour(gateway: string, checkout: string): void {
  const steps = readSteps(readFileSync(join(checkout, 'README.md'), 'utf8'));
  const script = steps
    .map(({ command }) => `${command}\necho\necho '${MARK}'`)
    .join('\n')
    .replaceAll('localhost:8000', gateway.replace('http://', ''));
  const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: TIMEOUT_MS });
  if (status !== 0) throw new Error(`The tour ended with status ${status}:\n${stdout}`);
  const responses = stdout.split(`${MARK}\n`).map((text) => text.trim());
  const wrong = steps.flatMap(({ command, expected }, index) =>
    matches(responses[index] ?? '', expected)
      ? []
      : [`$ ${command}\n  README:   ${expected}\n  response: ${responses[index]}`],
  );
  if (wrong.length > 0) throw new Error(`The README has other responses:\n${wrong.join('\n')}`);
  console.log(`${steps.length} commands of the README have its responses`);
}

/** A line with `$` is a command, the lines below it are its response. */
function readSteps(markdown: string): { command: string; expected: string }[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...expected] = text.trimEnd().split('\n');
        return { command, expected: expected.join('') };
      }),
  );
}

/** `…` stands for a part that differs each time. */
function matches(response: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+?')}$`, 's').test(response);
}
