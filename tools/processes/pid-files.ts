import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../lib/failure.ts';
import { identityOf, sendSignal } from './process-identity.ts';

interface ProcessId {
  pid: number;
  identity: string | null;
}

/**
 * The content of `<dir>/pids/<name>.json`, which every process of a run has. After a runner that was killed, the next
 * one finds there what it has to stop.
 */
export interface PidFile extends ProcessId {
  name: string;
  /** Processes of a lower stage are stopped first. */
  stage: number;
  stopSignal: NodeJS.Signals;
  /** The process that started it and stops it. */
  runner: ProcessId;
}

const STOP_TIMEOUT_MS = 3_000;
const POLL_MS = 20;
const RUNNER = 'runner';

export function writePidFile(dir: string, content: Omit<PidFile, 'identity' | 'runner'>): void {
  const runner = { pid: process.pid, identity: identityOf(process.pid) };
  mkdirSync(join(dir, 'pids'), { recursive: true });
  writeFileSync(
    pathOf(dir, content.name),
    JSON.stringify({ ...content, identity: identityOf(content.pid), runner } satisfies PidFile),
  );
}

export function removePidFile(dir: string, name: string): void {
  rmSync(pathOf(dir, name), { force: true });
}

/** Makes this process the only one that runs processes in `dir`. */
export function acquireLock(dir: string): void {
  for (const { runner } of readPidFiles(dir)) {
    if (isRunning(runner)) {
      throw new Failure(
        `The system is running already, as process ${runner.pid}: stop that one first (\`kill ${runner.pid}\`).`,
      );
    }
  }
  writePidFile(dir, { name: RUNNER, pid: process.pid, stage: 99, stopSignal: 'SIGTERM' });
}

export function releaseLock(dir: string): void {
  removePidFile(dir, RUNNER);
}

/** Stops every process in `dir` whose runner is dead, stage by stage, and returns their names. */
export async function stopOrphans(dir: string): Promise<string[]> {
  const files = readPidFiles(dir).filter(({ runner }) => !isRunning(runner));
  const orphans = files.filter(isRunning);
  for (const stage of [...new Set(orphans.map((file) => file.stage))].sort((a, b) => a - b)) {
    await Promise.all(orphans.filter((file) => file.stage === stage).map(stopProcess));
  }
  for (const { name } of files) removePidFile(dir, name);
  return orphans.map(({ name }) => name);
}

async function stopProcess(file: PidFile): Promise<void> {
  sendSignal(file.pid, file.stopSignal);
  sendSignal(file.pid, 'SIGCONT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isRunning(file) && Date.now() < deadline) await sleep(POLL_MS);
  // The whole group: the workers of a master that died keep its port.
  sendSignal(-file.pid, 'SIGKILL');
  while (isRunning(file)) await sleep(POLL_MS);
}

function isRunning({ pid, identity }: ProcessId): boolean {
  return identity !== null && identityOf(pid) === identity;
}

function readPidFiles(dir: string): PidFile[] {
  mkdirSync(join(dir, 'pids'), { recursive: true });
  return readdirSync(join(dir, 'pids')).flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(dir, 'pids', file), 'utf8')) as PidFile];
    } catch {
      return []; // removed meanwhile
    }
  });
}

const pathOf = (dir: string, name: string) => join(dir, 'pids', `${name}.json`);
