// @ts-check
// npm run attacks: hostile requests against a system of its own. Exits 1 when one gets another answer than the right one.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compile, install, isInstalled } from '../../tools/lib/toolchain.ts';
import { postgresHomes } from '../../tools/servers/postgres.ts';
import { startStack } from '../../tools/stack/stack.ts';

const root = join(import.meta.dirname, '../..');
const DOCUMENT = join(root, 'docs/security.md');
const { values: options } = parseArgs({
  options: {
    /** Fewer requests, always the same; nothing is measured or written. For CI. */
    quick: { type: 'boolean', default: false },
    /** Only attacks whose group or name holds this. */
    only: { type: 'string' },
    /** Another number of generated requests, and where they begin. */
    requests: { type: 'string' },
    seed: { type: 'string' },
  },
});
const count = Number(options.requests ?? (options.quick ? 1_000 : 10_000));
const seed = Number(options.seed ?? (options.quick ? 1 : randomInt(2 ** 30)));

/** @typedef {import('../dist/security/measure/measurement.js').Measurement} Measurement */

if (!isInstalled(root)) await install(root);
await compile(root);

const isWhole = !options.quick && options.only === undefined;
// First, before anything has filled the memory of this process: cleaning it up would be measured too.
const { port, result: disturbances } = isWhole
  ? await withSystem({}, async (suite, world) => told(await suite.measureDisturbances(world)))
  : { port: 0, result: [] };
const replicas = { auth: 2, users: 2, posts: 2, jobs: 2 };
const { result: isRight } = await withSystem({ gatewayPort: port, replicas }, run);
process.exit(isRight ? 0 : 1);

/**
 * @template T
 * @param {{ gatewayPort?: number, replicas?: Record<string, number> }} system
 * @param {(suite: typeof import('../dist/security/main.js'), world: import('../dist/security/world.js').World) => Promise<T>} work
 * @returns {Promise<{ port: number, result: T }>} the port of its gateway, and what came of the work
 */
async function withSystem({ gatewayPort = 0, replicas }, work) {
  const { PATH, HOME, TMPDIR } = process.env;
  const dir = mkdtempSync(join(tmpdir(), 'attacks-'));
  const removeDirs = [dir, postgresHomes(dir).outside];
  try {
    const stack = await startStack({
      ...{ root, dir, removeDirs, gatewayPort, replicas },
      base: { PATH, HOME, ...(TMPDIR && { TMPDIR }) },
      durable: false,
      env: {
        ENVIRONMENT: 'local',
        LOG_LEVEL: 'info',
        LOGIN_MAX_FAILURES: '10',
        LOGIN_MAX_FAILURES_PER_ADDRESS: '60',
      },
      say: console.log,
    });
    try {
      process.env.GATEWAY_URL = stack.gatewayUrl;
      const suite = await import('../dist/security/main.js');
      const port = Number(new URL(stack.gatewayUrl).port);
      const world = await suite.makeWorld({
        ...{ root, dir, ports: stack.ports, env: stack.env, gatewayPort: port },
        pids: Object.fromEntries([...stack.processes].map(([name, { pid }]) => [name, pid])),
      });
      return { port, result: await work(suite, world) };
    } finally {
      await stack.stop();
    }
  } finally {
    for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * @param {typeof import('../dist/security/main.js')} suite
 * @param {import('../dist/security/world.js').World} world
 * @returns {Promise<boolean>} whether all is right
 */
async function run(suite, world) {
  const measurements = isWhole ? [...told(await suite.measureSecrets(world)), ...disturbances] : [];

  const results = await suite.attack(world, options.only);
  const wrong = results.filter(({ ok }) => !ok);
  for (const { group, name, right, seen } of wrong)
    console.log(`✗ ${group}: ${name}\n    right: ${right}\n    seen:  ${seen}`);
  console.log(`${results.length} attacks, ${wrong.length} with a wrong answer`);
  if (options.only !== undefined) return wrong.length === 0 && results.length > 0;

  const report = await suite.sendRequests(world, { count, seed });
  for (const finding of report.findings) console.log(`✗ ${finding}`);
  console.log(
    `${report.requests} generated requests (seed ${seed}): ${report.accepted} accepted, ${report.refused} refused, ${report.findings.length} findings`,
  );

  const tables = suite.attackTables(results);
  const attacksAreRight = wrong.length === 0;
  const requestsAreRight = report.findings.length === 0;
  const measuredIsRight = measurements.every(({ ok }) => ok);
  const isRight = attacksAreRight && requestsAreRight && measuredIsRight;
  if (options.quick) return isRight && documentLists(tables, suite.isCurrent);
  // What is wrong with answers leaves its part of the page as it was; what was measured is shown as it is.
  if (attacksAreRight) suite.writePart(DOCUMENT, 'attacks', tables);
  if (requestsAreRight) suite.writePart(DOCUMENT, 'requests', suite.requestsSentence(report));
  suite.writePart(DOCUMENT, 'measured', suite.measurementTable(measurements));
  return isRight;
}

/** @param {Measurement[]} measurements */
function told(measurements) {
  for (const { ok, what, seen, right } of measurements)
    console.log(`${ok ? '✓' : '✗'} ${what}: ${seen}; has to be ${right}`);
  return measurements;
}

/**
 * @param {string} tables
 * @param {(file: string, part: string, text: string) => boolean} isCurrent
 */
function documentLists(tables, isCurrent) {
  if (isCurrent(DOCUMENT, 'attacks', tables)) return true;
  console.log('docs/security.md lists other attacks than these: run `npm run attacks`.');
  return false;
}
