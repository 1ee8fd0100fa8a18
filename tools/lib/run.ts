import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sendSignal } from '../processes/process-identity.ts';
import { Failure } from './failure.ts';

const MAX_OUTPUT = 1_000_000;
const STOP_TIMEOUT_MS = 10_000;

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number };
  input?: string;
  /** Aborting stops the command and its process group: SIGTERM, with which it stops other groups, then SIGKILL. */
  signal?: AbortSignal;
  /** Return an exit code other than 0 instead of throwing. */
  allowFailure?: boolean;
  /** The message of the Failure. */
  message?: string;
  onOutput?: (chunk: string) => void;
}

export interface RunResult {
  code: number;
  /** Both streams. */
  output: string;
  stdout: string;
}

/** Runs a command to its end. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd, env, user, input = '', signal, allowFailure = false, message, onOutput } = options;
  signal?.throwIfAborted();
  // A process group of its own: Ctrl-C reaches this process only, which then stops the others in order.
  const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: 'pipe' });
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    if (!child.pid) return;
    sendSignal(-child.pid, 'SIGTERM');
    timer = setTimeout(sendSignal, STOP_TIMEOUT_MS, -child.pid, 'SIGKILL');
  };
  signal?.addEventListener('abort', abort, { once: true });
  const result: RunResult = { code: 1, output: '', stdout: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      result.output = (result.output + chunk).slice(-MAX_OUTPUT);
      if (stream === child.stdout) result.stdout = (result.stdout + chunk).slice(-MAX_OUTPUT);
      onOutput?.(chunk);
    });
  }
  child.stdin.on('error', () => undefined).end(input);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    result.code = code ?? 1;
  } catch (error) {
    throw new Failure(message ?? `${command} cannot be run: install it, or add its folder to the PATH.`, {
      details: String(error),
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
  signal?.throwIfAborted();
  if (result.code === 0 || allowFailure) return result;
  throw new Failure(message ?? `${command} failed with code ${result.code}.`, {
    details: lastLines(result.output),
  });
}

export function lastLines(text: string, count = 20): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
