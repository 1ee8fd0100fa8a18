import { randomInt } from 'node:crypto';
import { mapConcurrently } from '../support/concurrency.ts';
import { parseArguments } from '../../tools/lib/arguments.ts';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';
import { Failure } from '../../tools/lib/failure.ts';
import { runAttack } from './attack.ts';
import { ATTACKS } from './attacks/index.ts';
import { writeMeasurements, writeRequests } from './document.ts';
import { type Fixture, createFixture } from './fixture.ts';
import { measureInterference, measureLeaks } from './measurements/index.ts';
import type { Measurement } from './measurements/measurement.ts';
import { type RequestsReport, sendRequests } from './requests/main.ts';

const USAGE = `Usage: npm run security -- [--quick] [--only <text>] [--requests <number>] [--seed <number>]
  --quick     fewer generated requests, always the same; no measurements; writes nothing into docs/security.md
  --only      only attacks whose group or name contains the text
  --requests  the number of generated requests
  --seed      where the generated requests begin`;

const CONCURRENT_ATTACKS = 8;
const REPLICAS = { auth: 2, users: 2, posts: 2, jobs: 2 };

/** Runs the suite. Returns whether every result is as expected. */
export async function main(): Promise<boolean> {
  const { values } = parseArguments(USAGE, {
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      requests: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const { quick, only } = values;
  const requests = numberFrom('--requests', values.requests) ?? (quick ? 1_000 : 10_000);
  const seed = numberFrom('--seed', values.seed) ?? (quick ? 1 : randomInt(2 ** 30));

  if (only !== undefined) return withSystem({ replicas: REPLICAS }, (fixture) => attack(fixture, only));
  if (quick)
    return withSystem({ replicas: REPLICAS }, async (fixture) => {
      const attacksOk = await attack(fixture);
      const { findings } = await send(fixture, requests, seed);
      return attacksOk && findings.length === 0;
    });

  // First: later, garbage collection in this process would be measured, too.
  const interference = await withSystem({}, (fixture) => measureInterference(fixture).then(print));
  const result = await withSystem({ replicas: REPLICAS }, async (fixture) => ({
    leaks: print(await measureLeaks(fixture)),
    attacksOk: await attack(fixture),
    generated: await send(fixture, requests, seed),
  }));
  const measurements = [...result.leaks, ...interference];
  writeMeasurements(measurements);
  if (result.generated.findings.length === 0) writeRequests(result.generated);
  return result.attacksOk && result.generated.findings.length === 0 && measurements.every(({ ok }) => ok);
}

function numberFrom(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Failure(`${option} is "${text}": give a whole number.\n${USAGE}`);
  return Number(text);
}

/** Starts a new system, does something with it, and stops it. */
async function withSystem<T>(
  { replicas }: { replicas?: Record<string, number> },
  work: (fixture: Fixture) => Promise<T>,
): Promise<T> {
  const folder = createStackFolder('security');
  try {
    const stack = await startTestStack(folder, {
      replicas,
      durable: false,
      env: {
        ENVIRONMENT: 'local',
        LOG_LEVEL: 'info',
        LOGIN_MAX_FAILURES: '10',
        LOGIN_MAX_FAILURES_PER_ADDRESS: '60',
      },
      log: console.log,
    });
    try {
      process.env.GATEWAY_URL = stack.gatewayUrl;
      const fixture = await createFixture({
        ...{ dir: folder.dir, ports: stack.ports, env: stack.env },
        gatewayPort: Number(new URL(stack.gatewayUrl).port),
        pids: Object.fromEntries([...stack.processes].map(([name, { pid }]) => [name, pid])),
      });
      return await work(fixture);
    } finally {
      await stack.stop();
    }
  } finally {
    folder.remove();
  }
}

/** Runs the attacks whose group or name contains the text. Returns whether there are any, and all results are ok. */
async function attack(fixture: Fixture, only = ''): Promise<boolean> {
  const selected = Object.entries(ATTACKS)
    .flatMap(([group, attacks]) => attacks.map((one) => ({ group, one })))
    .filter(({ group, one }) => `${group}: ${one.name}`.toLowerCase().includes(only.toLowerCase()));
  const results = await mapConcurrently(selected, CONCURRENT_ATTACKS, ({ group, one }) =>
    runAttack(group, one, fixture),
  );
  const failed = results.filter(({ ok }) => !ok);
  for (const { group, name, expected, actual } of failed)
    console.log(`✗ ${group}: ${name}\n    expected: ${expected}\n    actual:   ${actual}`);
  console.log(`${results.length} attacks, ${failed.length} with another result than expected`);
  return results.length > 0 && failed.length === 0;
}

async function send(fixture: Fixture, count: number, seed: number): Promise<RequestsReport> {
  const report = await sendRequests(fixture, { count, seed });
  for (const finding of report.findings) console.log(`✗ ${finding}`);
  console.log(
    `${report.requests} generated requests (seed ${seed}): ${report.accepted} accepted, ${report.refused} refused, ${report.findings.length} findings`,
  );
  return report;
}

function print(measurements: Measurement[]): Measurement[] {
  for (const { ok, what, actual, limit } of measurements)
    console.log(`${ok ? '✓' : '✗'} ${what}: ${actual}; limit: ${limit}`);
  return measurements;
}
