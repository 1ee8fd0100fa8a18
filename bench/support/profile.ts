import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../tools/lib/failure.ts';
import type { ManagedProcess } from '../../tools/processes/managed-process.ts';
import type { ResultRow } from './benchmark.ts';

/** The port on which Node listens for a debugger after SIGUSR1. */
const DEBUGGER = '127.0.0.1:9229';
const MAX_POLLS = 50;
const POLL_MS = 100;
const COMMAND_TIMEOUT_MS = 10_000;
const SAMPLING_INTERVAL_US = 200;
const MAX_ROWS = 25;

/** The shares of a process's busy time, largest first. */
export interface Profile {
  modules: ResultRow[];
  functions: ResultRow[];
}

interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

/** The part of a CPU profile of the Chrome DevTools protocol that is used here. */
interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

/** Profiles a Node process while `work` runs. */
export async function profile(process: ManagedProcess, work: () => Promise<unknown>): Promise<Profile> {
  process.send('SIGUSR1');
  const devTools = await DevTools.connect();
  try {
    if ((await devTools.evaluate('process.pid')) !== process.pid)
      throw new Failure(`Another process listens on ${DEBUGGER}: end it and try again.`);
    await devTools.send('Profiler.enable');
    await devTools.send('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
    await devTools.send('Profiler.start');
    await work();
    return tablesOf(((await devTools.send('Profiler.stop')) as { profile: CpuProfile }).profile);
  } finally {
    await devTools.close();
  }
}

function tablesOf({ nodes, samples, timeDeltas }: CpuProfile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byModule = new Map<string, number>();
  const byFunction = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)!;
    if (frame.functionName === '(idle)') continue;
    for (const [times, name] of [
      [byModule, moduleOf(frame)],
      [byFunction, functionOf(frame)],
    ] as const)
      times.set(name, (times.get(name) ?? 0) + timeDeltas[index]!);
  }
  return { modules: sharesOf('module', byModule), functions: sharesOf('function', byFunction) };
}

function sharesOf(column: string, times: Map<string, number>): ResultRow[] {
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_ROWS)
    .map(([name, time]) => ({ [column]: name, '% of busy time': Number(((100 * time) / busy).toFixed(1)) }));
}

/** The package of a function, or `node`; what has no file is named by V8: `(garbage collector)`, `writev`. */
function moduleOf({ functionName, url }: CallFrame): string {
  if (!url) return functionName.startsWith('(') ? functionName : 'native functions';
  if (url.startsWith('node:')) return 'node';
  return /.*\/(?:node_modules|packages|apps)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? 'this benchmark';
}

/** The function, its file in its package, and its line. */
function functionOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || '(anonymous)';
  if (!url) return name;
  return `${name} ${url.replace(/^.*\/(node_modules|packages|apps|bench)\//, '')}:${lineNumber + 1}`;
}

/** The targets for a debugger on the port; undefined when no process listens. */
async function targets(): Promise<{ webSocketDebuggerUrl: string }[] | undefined> {
  const response = await fetch(`http://${DEBUGGER}/json`).catch(() => undefined);
  return (await response?.json()) as { webSocketDebuggerUrl: string }[] | undefined;
}

/** The first result that is not false or undefined. */
async function poll<T>(attempt: () => Promise<T>): Promise<NonNullable<T>> {
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    const result = await attempt();
    if (result) return result;
    await sleep(POLL_MS);
  }
  throw new Failure(
    `The debugger on ${DEBUGGER} did not start or stop within ${(MAX_POLLS * POLL_MS) / 1000} s.`,
  );
}

/** A connection to the debugger of a Node process. */
class DevTools {
  private readonly socket: WebSocket;
  private readonly pending = new Map<number, (result: unknown) => void>();
  private lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result: unknown };
      if (id === undefined) return;
      this.pending.get(id)?.(result);
      this.pending.delete(id);
    });
  }

  static async connect(): Promise<DevTools> {
    const [target] = await poll(targets);
    const socket = new WebSocket(target!.webSocketDebuggerUrl);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    return new DevTools(socket);
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    const late = sleep(COMMAND_TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw new Failure(`The debugger does not answer ${method}.`);
    });
    return Promise.race([new Promise((resolve) => this.pending.set(id, resolve)), late]);
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result } = (await this.send('Runtime.evaluate', { expression })) as {
      result: { value?: unknown };
    };
    return result.value;
  }

  /** Ends the connection, and makes the process close its port: the next one listens on the same. */
  async close(): Promise<void> {
    await this.evaluate("setTimeout(() => process.getBuiltinModule('inspector').close(), 100)");
    this.socket.close();
    await poll(async () => (await targets()) === undefined);
  }
}
