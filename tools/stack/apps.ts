import { join } from 'node:path';
import { SERVICES, type ServiceName } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { portOf } from '../lib/ports.ts';
import { ROOT } from '../lib/root.ts';
import { lastLines, run } from '../lib/run.ts';
import type { ProcessSpec } from '../processes/managed-process.ts';
import { answersHttp } from '../processes/probes.ts';

/**
 * Node's default for old objects is for machines that run one program. A young generation that is smaller than the
 * default saves memory under load, and costs up to a third more processor time per request.
 */
const NODE_FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=16'];

/** One process of an app. The first has the name of the app, the others add a number: users, users-2. */
export interface Replica {
  app: ServiceName;
  name: string;
}

export function replicasOf(app: ServiceName, count = 1): Replica[] {
  return Array.from({ length: count }, (_, index) => ({ app, name: index ? `${app}-${index + 1}` : app }));
}

export function appSpec(
  { app, name }: Replica,
  { ports, env }: { ports: Record<string, number>; env: NodeJS.ProcessEnv },
): ProcessSpec {
  const { http } = SERVICES[app];
  const internalPort = portOf(ports, `${name}-internal`);
  const health = (check: string) => answersHttp(`http://127.0.0.1:${internalPort}/health/${check}`);
  return {
    name,
    stage: 'app',
    command: process.execPath,
    args: [...NODE_FLAGS, 'dist/src/main.js'],
    cwd: join(ROOT, 'apps', app),
    env: {
      ...env,
      ...(http && { PORT: String(portOf(ports, name)) }),
      INTERNAL_PORT: String(internalPort),
      // Shared by all stacks: Node writes new entries when it exits, which takes seconds for a whole service.
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile'),
      // The threads of a process share two memory arenas: each arena costs memory, and two are enough.
      MALLOC_ARENA_MAX: '2',
    },
    isReady: () => health('ready'),
    // A process that a debugger has stopped at a breakpoint does not hang.
    ...(!env.NODE_OPTIONS?.includes('--inspect') && { isAlive: () => health('live') }),
    address: http ? `127.0.0.1:${portOf(ports, name)}` : '',
  };
}

/** A compiled command of an app; `file` is below `dist/src`. */
export interface AppCommand {
  app: string;
  file: string;
  args?: string[];
  env: NodeJS.ProcessEnv;
}

/**
 * Runs commands to their end, in one process: each process would load the same packages, which takes a second.
 *
 * @throws Failure with the last line of the command that failed, which names the cause
 */
export async function runCommands(commands: AppCommand[], signal?: AbortSignal): Promise<void> {
  const file = join(import.meta.dirname, 'run-commands.ts');
  const options = { input: JSON.stringify(commands), signal, allowFailure: true };
  const { code, output } = await run(process.execPath, [file], options);
  if (code === 0) return;
  const lines = lastLines(output).split('\n');
  throw new Failure(lines.pop()!, { details: lines.join('\n') });
}
