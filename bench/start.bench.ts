import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processTree } from '../tests/support/process-tree.ts';
import { median } from '../tests/support/statistics.ts';
import { SERVICE_NAMES } from '../infra/services.ts';
import { Failure } from '../tools/lib/failure.ts';
import { freePort } from '../tools/lib/ports.ts';
import { ROOT } from '../tools/lib/root.ts';
import type { Stack } from '../tools/stack/stack.ts';
import type { ResultRow } from './support/benchmark.ts';
import { rounded } from './support/compare.ts';
import { withStack } from './support/system.ts';

export const about =
  'time until a service and `npm start` are ready, warm, and the memory of the idle apps and gateway';

const ROUNDS = 5;
const IDLE_MS = 20_000;

export const run = async (): Promise<ResultRow[]> => {
  const rows = await withStack(async (stack) => [await memoryOf(stack), ...(await serviceStarts(stack))]);
  return [...rows, await npmStarts()];
};

/** PSS: memory that processes share counts once. */
async function memoryOf({ processes }: Stack): Promise<ResultRow> {
  await delay(IDLE_MS);
  const pids = [...SERVICE_NAMES, 'gateway'].flatMap((name) => processTree(processes.get(name)!.pid!));
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]),
  );
  const megabytes = kilobytes.reduce((sum, one) => sum + one, 0) / 1_024;
  return rowOf('memory of the idle apps and the gateway, MB', [megabytes]);
}

async function serviceStarts({ processes }: Stack): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const name of SERVICE_NAMES) {
    const process = processes.get(name)!;
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      await process.stop();
      times.push(await timed(() => process.start()));
    }
    rows.push(rowOf(`start of ${name}, s`, times.slice(1)));
  }
  return rows;
}

/** The system of this checkout, with its data. */
async function npmStarts(): Promise<ResultRow> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const env = { ...process.env, GATEWAY_PORT: String(await freePort()) };
    const args = [join(ROOT, 'tools/bootstrap.js'), 'tools/stack/start.ts'];
    const start = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(start, 'exit');
    times.push(
      await timed(async () => {
        let output = '';
        for await (const chunk of start.stdout.iterator({ destroyOnReturn: false }))
          if (/^.*Ready.* in /m.test((output += String(chunk)))) return;
        throw new Failure(`npm start failed:\n${output}`);
      }),
    );
    start.stdout.resume();
    start.kill('SIGINT');
    await exited;
  }
  return rowOf('npm start, s', times.slice(1));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1_000;
}

const rowOf = (what: string, values: number[]): ResultRow => ({
  what,
  median: rounded(median(values)),
  lowest: rounded(Math.min(...values)),
  highest: rounded(Math.max(...values)),
});
