import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../tools/processes/managed-process.ts';
import { type BenchmarkOptions, type ResultRow } from './support/benchmark.ts';
import { expectWithinBudget, readBudget, writeBudget } from './support/budget.ts';
import { compare, rounded } from './support/compare.ts';
import { cpuSeconds } from './support/cpu-time.ts';
import { profile } from './support/profile.ts';
import { createFixture, type Subject, subjectsOf } from './support/subjects.ts';
import { withStack } from './support/system.ts';
import { formatTable } from './support/table.ts';
import { startYardsticks } from './support/yardsticks.ts';

export const about = 'processor time per request, relative to the same work done without the services';

/** Warm-ups end early when the figures are steady. */
const PRECISE = { rounds: 5, warmUps: 4, seconds: 2 };
/** For the budget, whose limits are far from the figures. */
const QUICK = { rounds: 3, warmUps: 3, seconds: 0.8 };
const PROFILE_SECONDS = 5;

export const run = ({ only, withProfile, budget }: BenchmarkOptions) =>
  withStack(async (stack, dir) => {
    const fixture = await createFixture();
    const yardsticks = await startYardsticks(stack, dir, fixture.post);
    try {
      const all = subjectsOf(stack, yardsticks, fixture);
      const servers = {
        PostgreSQL: [stack.processes.get('postgres')!],
        Redis: ['cache', 'limits', 'queue'].map((kind) => stack.processes.get(`redis-${kind}`)!),
        NATS: [stack.processes.get('nats')!, yardsticks.nats],
      };
      const measureAll = (chosen: Subject[], { seconds, ...options }: typeof PRECISE) =>
        compare(
          withYardsticks(chosen, all).map((subject) => ({
            ...subject,
            measure: () => measure(subject, servers, seconds),
          })),
          { ...options, figure: ({ cpuMicros }) => cpuMicros },
        );
      const isChosen = (name: string) =>
        only === undefined ? !budget || name in readBudget() : name.includes(only);
      const chosen = all.filter(({ name }) => isChosen(name));
      const results = await measureAll(chosen, budget ? QUICK : PRECISE);
      const ratios = results.filter(({ name, yardstick }) => name !== yardstick);
      if (budget === 'record') writeBudget(ratios);
      // The machine may have been busy: what fails is measured again, for longer.
      if (budget === 'check')
        await expectWithinBudget(ratios, (failed) =>
          measureAll(
            all.filter(({ name }) => failed.includes(name)),
            { ...QUICK, seconds: PRECISE.seconds },
          ),
        );
      if (withProfile) for (const subject of chosen) await printProfile(subject);
      return results.map(rowOf);
    } finally {
      await yardsticks.stop();
    }
  });

type Measured = Awaited<ReturnType<typeof measure>>;

function rowOf({
  name,
  ratio,
  spread,
  measured,
}: Awaited<ReturnType<typeof compare<Measured>>>[number]): ResultRow {
  const { cpuMicros, serverMicros, perSecond, p50, p99 } = measured;
  const ofServers = Object.entries(serverMicros).map(([server, micros]) => [
    `${server}, µs`,
    Math.round(micros),
  ]);
  return {
    request: name,
    'CPU, µs': rounded(cpuMicros),
    'ratio to yardstick': rounded(ratio),
    'lowest to highest': spread.map(rounded).join(' to '),
    'more than yardstick, µs': rounded(cpuMicros * (1 - 1 / ratio)),
    ...(Object.fromEntries(ofServers) as ResultRow),
    'per second': Math.round(perSecond),
    'p50 ms': rounded(p50),
    'p99 ms': rounded(p99),
  };
}

/** Yardsticks have yardsticks too. */
function withYardsticks(chosen: Subject[], all: Subject[]): Subject[] {
  const names = new Set(chosen.flatMap(({ name, yardstick }) => [name, yardstick]));
  const needed = all.filter(({ name }) => names.has(name));
  return needed.length === chosen.length ? needed : withYardsticks(needed, all);
}

async function measure(
  { processes, withChildren, idleSeconds = 0, run, cleanUp }: Subject,
  servers: Record<string, ManagedProcess[]>,
  seconds: number,
) {
  const cpu = () => ({
    ours: cpuSeconds(pidsOf(processes), { withChildren }),
    servers: Object.values(servers).map((processes) => cpuSeconds(pidsOf(processes))),
  });
  const idleFrom = cpu();
  await sleep(idleSeconds * 1_000);
  const before = cpu();
  const idlePerSecond = idleSeconds && (before.ours - idleFrom.ours) / idleSeconds;
  const result = await run(seconds);
  const after = cpu();
  await cleanUp?.();
  const micros = (from: number, to: number) => ((to - from) / result.count) * 1e6;
  const serverMicros = Object.fromEntries(
    Object.keys(servers).map((name, index) => [name, micros(before.servers[index]!, after.servers[index]!)]),
  );
  const idleMicros = (idlePerSecond / result.perSecond) * 1e6;
  return { ...result, cpuMicros: micros(before.ours, after.ours) - idleMicros, serverMicros };
}

const pidsOf = (processes: ManagedProcess[]) => processes.flatMap(({ pid }) => pid ?? []);

async function printProfile({ name, processes, run, cleanUp }: Subject): Promise<void> {
  const { modules, functions } = await profile(processes.at(-1)!, () => run(PROFILE_SECONDS));
  await cleanUp?.();
  console.log(`${name}\n\n${formatTable(modules)}\n\n${formatTable(functions)}\n`);
}
