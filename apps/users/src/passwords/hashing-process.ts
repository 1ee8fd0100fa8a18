import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '@repo/core';
import type { HashingJob } from './hashing.child.js';

const PROGRAM = fileURLToPath(new URL('hashing.child.js', import.meta.url));
/** Time limit of a job, longer than that of any request. */
const LIMIT_MS = 10_000;

/** A child process that hashes, one job at a time. It ends with its parent, and keeps the parent alive only while it works. */
export class HashingProcess {
  private child?: ChildProcess;

  constructor(private readonly limitMs = LIMIT_MS) {}

  /** @throws UnavailableError when the process ends, or exceeds the time limit and is killed. The next job starts another one. */
  async run<T extends string | boolean>(job: HashingJob): Promise<T> {
    const child = this.child?.connected ? this.child : this.start();
    const settled = new AbortController();
    const overdue = setTimeout(() => child.kill('SIGKILL'), this.limitMs);
    const { signal } = settled;
    for (const handle of [child, child.channel]) handle?.ref();
    try {
      child.send(job);
      const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new UnavailableError()));
      const [result] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T];
      return result;
    } finally {
      settled.abort();
      clearTimeout(overdue);
      for (const handle of [child, child.channel]) handle?.unref();
    }
  }

  stop(): void {
    if (this.child?.connected) this.child.disconnect();
  }

  private start(): ChildProcess {
    // An empty environment: the child needs no setting, and so gets no secret.
    const child = fork(PROGRAM, { env: {}, execArgv: [], detached: true });
    // The job that waits for the result receives the error.
    child.on('error', () => undefined);
    return (this.child = child);
  }
}
