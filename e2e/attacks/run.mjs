// @ts-check
// npm run attacks: hostile requests against a system of its own. Exits 1 when one gets another answer than the right one.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresHomes } from '../../infra/local/postgres.mjs';
import { startStack } from '../../infra/local/stack.mjs';

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

const { PATH, HOME, TMPDIR } = process.env;
const dir = mkdtempSync(join(tmpdir(), 'attacks-'));
const removeDirs = [dir, postgresHomes(dir).outside];

let failed = true;
try {
  const stack = await startStack({
    root,
    dir,
    removeDirs,
    base: { PATH, HOME, ...(TMPDIR && { TMPDIR }) },
    gatewayPort: 0,
    durable: false,
    replicas: { auth: 2, users: 2, posts: 2, jobs: 2 },
    env: {
      ENVIRONMENT: 'local',
      LOG_LEVEL: 'info',
      LOGIN_MAX_FAILURES: '10',
      LOGIN_MAX_FAILURES_PER_ADDRESS: '60',
    },
    say: console.log,
  });
  process.env.GATEWAY_URL = stack.gatewayUrl;
  try {
    failed = !(await run(stack));
  } finally {
    await stack.stop();
  }
} finally {
  for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/**
 * @param {import('../../infra/local/stack.mjs').Stack} stack
 * @returns {Promise<boolean>} whether all is right
 */
async function run(stack) {
  const suite = await import('../dist/attacks/main.js');
  const world = await suite.makeWorld({
    ...{ root, dir, ports: stack.ports, env: stack.env },
    gatewayPort: Number(new URL(stack.gatewayUrl).port),
    pids: Object.fromEntries([...stack.processes].map(([name, { pid }]) => [name, pid])),
  });

  // Before anything has filled the memory of this process: cleaning it up would be measured too.
  const isWhole = !options.quick && options.only === undefined;
  const measurements = isWhole ? await suite.measure(world) : [];
  for (const { ok, what, seen, right } of measurements)
    console.log(`${ok ? '✓' : '✗'} ${what}: ${seen}; has to be ${right}`);

  const results = await suite.attack(world, options.only);
  const wrong = results.filter((/** @type {{ ok: boolean }} */ { ok }) => !ok);
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
  const measuredIsRight = measurements.every((/** @type {{ ok: boolean }} */ { ok }) => ok);
  const isRight = attacksAreRight && requestsAreRight && measuredIsRight;
  if (options.quick) return isRight && documentLists(tables, suite.isCurrent);
  // What is wrong with answers leaves its part of the page as it was; what was measured is shown as it is.
  if (attacksAreRight) suite.writePart(DOCUMENT, 'attacks', tables);
  if (requestsAreRight) suite.writePart(DOCUMENT, 'requests', suite.requestsSentence(report));
  suite.writePart(DOCUMENT, 'measured', suite.measurementTable(measurements));
  return isRight;
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
