import { basename, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { run } from '../lib/run.ts';
import { compile } from '../lib/toolchain.ts';
import { checkMigrations } from './migrations.ts';

/** A check that needs no package's own tests. It throws a Failure with what it found. */
export interface Check {
  name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** The order is that of the time to the first failure: what ends quickly runs first. */
export const TYPES: Check = {
  name: 'types',
  async run(signal) {
    await compile({ signal });
    await tool('tsc', ['-p', 'tools/tsconfig.json'], { signal });
  },
};

export const STATIC_CHECKS: Check[] = [
  { name: 'lint', run: (signal) => tool('oxlint', ['--deny-warnings'], { signal }) },
  { name: 'architecture', run: (signal) => succeed('npm', ['run', '--silent', 'arch'], { signal }) },
  { name: 'derived files', run: (signal) => script('tools/sync/sync.ts', ['--check'], { signal }) },
  { name: 'links', run: (signal) => script('tools/docs/links.ts', [], { signal }) },
  { name: 'supply chain', run: (signal) => script('tools/supply-chain/check.ts', [], { signal }) },
];

export const MIGRATIONS: Check = { name: 'migrations', run: checkMigrations };

interface ToolOptions {
  signal: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program of node_modules/.bin in the root. */
function tool(name: string, args: string[], options: ToolOptions): Promise<void> {
  return succeed(join(ROOT, 'node_modules/.bin', name), args, options);
}

/** Runs a script with this Node in the root. */
export function script(path: string, args: string[], options: ToolOptions): Promise<void> {
  return succeed(process.execPath, [path, ...args], options);
}

async function succeed(command: string, args: string[], { signal, env }: ToolOptions): Promise<void> {
  const { code, output } = await run(command, args, { cwd: ROOT, env, signal, allowFailure: true });
  if (code === 0) return;
  const name = [basename(command), ...args].join(' ').replace(/^node /, '');
  throw new Failure(`${name} found something: see above.`, { details: output });
}
