import { execFile } from 'node:child_process';
import { existsSync, globSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export type ProgramName = 'postgres' | 'redis' | 'nats' | 'nginx' | 'chromium' | 'pgbouncer';

export interface Program {
  path: string;
  dir: string;
  major: number;
  version: string;
}

interface Requirement {
  title: string;
  binary: string;
  /** Another program that must be in the same folder. */
  needs?: string;
  /** The lowest major version that is supported. */
  minimum: number;
  versionFlag?: string;
  /** Packages that bring it. */
  apt: string;
  brew: string;
}

/** The servers that the system needs, and the browser for the tests of its pages. */
export const REQUIREMENTS: Record<ProgramName, Requirement> = {
  postgres: {
    title: 'PostgreSQL',
    binary: 'postgres',
    needs: 'initdb',
    minimum: 13,
    apt: 'postgresql',
    brew: 'postgresql@17',
  },
  redis: { title: 'Redis', binary: 'redis-server', minimum: 6, apt: 'redis-server', brew: 'redis' },
  nats: { title: 'NATS', binary: 'nats-server', minimum: 2, apt: 'nats-server', brew: 'nats-server' },
  nginx: { title: 'NGINX', binary: 'nginx', minimum: 1, versionFlag: '-v', apt: 'nginx', brew: 'nginx' },
  chromium: { title: 'Chromium', binary: 'chromium', minimum: 120, apt: 'chromium', brew: 'chromium' },
  pgbouncer: { title: 'PgBouncer', binary: 'pgbouncer', minimum: 1, apt: 'pgbouncer', brew: 'pgbouncer' },
};

/** The program on the PATH or where packages install it, if its version is supported. */
export async function findProgram(name: ProgramName): Promise<Program | undefined> {
  const { binary, needs, minimum, versionFlag = '--version' } = REQUIREMENTS[name];
  const tried = new Set<string>();
  for (const folder of folders()) {
    const path = join(folder, binary);
    if (!existsSync(path)) continue;
    const target = realpathSync(path);
    if (tried.has(target)) continue;
    tried.add(target);
    const dir = dirname(target);
    if (needs && !existsSync(join(dir, needs))) continue;
    // Run by the path that was found: the target of a link may have another name, and act on it. Another program may
    // have the same name, so its own text decides.
    const text = await execute(path, [versionFlag], { timeout: 5_000 }).then(
      ({ stdout, stderr }) => stdout + stderr,
      () => '',
    );
    const version = new RegExp(`${binary.split('-')[0]}.*?(\\d+(?:\\.\\d+)*)`, 'i').exec(text)?.[1];
    const major = Number.parseInt(version ?? '', 10);
    if (version && major >= minimum) return { path, dir, major, version };
  }
  return undefined;
}

function folders(): string[] {
  return [
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    ...newestFirst('/usr/lib/postgresql/*/bin'),
    ...newestFirst('/usr/pgsql-*/bin'),
    ...newestFirst('{/opt/homebrew,/usr/local,/home/linuxbrew/.linuxbrew}/opt/postgresql*/bin'),
    ...['/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin'],
    ...['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'],
  ];
}

function newestFirst(pattern: string): string[] {
  return globSync(pattern).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}
