import type { Row } from './row.js';
import { rows } from './rows/index.js';
import { Report } from './support/report.js';
import { type Server, type Stack, System } from './support/system.js';
import { writeTable } from './support/table.js';
import { TcpProxy } from './support/tcp-proxy.js';

/** A place for a stack; see run.ts. */
interface Place {
  dir: string;
  ports: Record<string, number>;
  start(options: Pick<Row, 'replicas' | 'env' | 'appEnv'>): Promise<Stack>;
  keepLogs(name: string): string;
  remove(): void;
}

interface Surroundings {
  prepare(): Promise<Place>;
  /** The document that holds the table. */
  table: string;
}

/** Runs the rows that are named, all of them, or those that are quick. @returns the exit code */
export async function main(args: string[], { prepare, table }: Surroundings): Promise<number> {
  const quick = args.includes('--quick');
  const names = args.filter((arg) => arg !== '--quick');
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no row ${unknown.join(', ')}; choose from ${rows.map(({ name }) => name).join(', ')}.`,
    );
    return 1;
  }
  const chosen = rows.filter(
    (row) => (names.length === 0 || names.includes(row.name)) && (!quick || row.quick),
  );
  const reports: Report[] = [];
  for (const row of chosen) reports.push(await runRow(row, await prepare()));
  if (!quick) writeTable(table, rows, reports);
  const broken = reports.filter(({ kept }) => !kept).map(({ name }) => name);
  console.log(
    broken.length === 0 ? `\nAll ${reports.length} promises were kept.` : `\nBroken: ${broken.join(', ')}.`,
  );
  return broken.length === 0 ? 0 : 1;
}

async function runRow(row: Row, place: Place): Promise<Report> {
  console.log(`\n${row.name}: ${row.promise}`);
  const report = new Report(row.name);
  const since = Date.now();
  try {
    const system = await startSystem(row, place);
    try {
      await row.run(system, report);
    } finally {
      await system.close();
    }
  } catch (error) {
    report.fail(error);
  }
  print(report, Date.now() - since);
  if (!report.kept) console.log(`    The logs are in ${place.keepLogs(row.name)}.`);
  place.remove();
  return report;
}

async function startSystem(row: Row, place: Place): Promise<System> {
  const cables = new Map<string, TcpProxy>();
  const appEnv: Record<string, Record<string, string>> = { ...row.appEnv };
  for (const [app, server] of row.cables ?? []) {
    const proxy = await TcpProxy.to(place.ports[server]!);
    cables.set(`${app} ${server}`, proxy);
    appEnv[app] = { ...appEnv[app], ...addressOf(server, proxy.port) };
  }
  const stack = await place.start({ replicas: row.replicas, env: row.env, appEnv });
  return new System(stack, place.dir, cables);
}

/** The settings that send an app to this port for a server. */
function addressOf(server: Server, port: number): Record<string, string> {
  const value = String(port);
  return {
    postgres: { POSTGRES_PORT: value },
    'redis-cache': { REDIS_CACHE_PORT: value },
    'redis-limits': { REDIS_RATE_LIMIT_PORT: value },
    'redis-queue': { REDIS_QUEUE_PORT: value },
    nats: { NATS_URL: `nats://127.0.0.1:${value}` },
  }[server];
}

function print({ counts, measurements, notes, kept }: Report, ms: number): void {
  console.log(
    `    ${Object.entries(counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
  );
  for (const { what, value, limit, kept: fine } of measurements)
    console.log(`    ${fine ? '✓' : '✗'} ${what}: ${value} (${limit})`);
  if (!kept) for (const note of notes) console.log(`      ${note}`);
  console.log(`    ${kept ? 'kept' : 'BROKEN'}, ${Math.round(ms / 1000)} s`);
}
