import { relative } from 'node:path';
import { colour } from '../lib/progress.ts';
import { ROOT } from '../lib/root.ts';
import { STAGES } from '../processes/managed-process.ts';
import type { Stack } from './stack.ts';

const ADMIN_PASSWORD = '!Ch4ng3Th1sP4ssW0rd!';

/** A text that says which process runs where, and what the user can do next. */
export function summary(stack: Stack, { dir, watch }: { dir: string; watch: boolean }): string {
  const processes = [...stack.processes.values()].sort(
    (a, b) => STAGES.indexOf(a.spec.stage) - STAGES.indexOf(b.spec.stage),
  );
  const { ADMIN_USERNAME = 'admin', ADMIN_PASSWORD: password } = process.env;
  const url = stack.gatewayUrl;
  const facts = [
    ['API', `${url}/api/v1`],
    ['Docs', `${url}/docs`],
    ['First login', `${ADMIN_USERNAME} / ${password ? '(your ADMIN_PASSWORD)' : ADMIN_PASSWORD}`],
    ['Logs', 'npm run logs, or npm run logs -- users'],
    ['Data', `${dataDirs(stack, dir).map(readable).join(' and ')}; delete them with npm start -- --fresh`],
    ['Stop', 'Ctrl-C'],
    ...(watch ? [['Watching', 'a saved file restarts what it belongs to']] : []),
  ];
  return [
    '',
    colour.bold(row('service', 'address', 'process', 'log')),
    ...processes.map(({ name, spec, pid, logFile }) =>
      row(name, spec.address ?? '', String(pid ?? ''), readable(logFile.path)),
    ),
    '',
    ...facts.map(([title = '', text]) => `  ${colour.bold(title.padEnd(12))} ${text}`),
    '',
  ].join('\n');
}

const row = (name: string, address: string, pid: string, log: string) =>
  `  ${name.padEnd(14)} ${address.padEnd(22)} ${pid.padEnd(9)} ${log}`;

/** A path below the checkout is shown as it is there. */
const readable = (path: string) => (path.startsWith(ROOT) ? relative(ROOT, path) : path);

/** The directory of the stack and, if PostgreSQL cannot be there, that of PostgreSQL. */
function dataDirs(stack: Stack, dir: string): string[] {
  const postgres = stack.processes.get('postgres')?.spec.cwd ?? dir;
  return postgres.startsWith(dir) ? [dir] : [dir, postgres];
}
