import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { HashingProcess } from './hashing-process.js';

/** Hashes computed at a time. The other half of the processors serves the other requests. */
export const MAX_RUNNING = Math.ceil(availableParallelism() / 2);
/** Waiting jobs: more would exceed the time limit of their requests. */
export const MAX_WAITING = 64;

/** A hash of discarded random bytes. The password of an unknown user is compared with it, which takes the same time. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$0CclqNMQcFD8eGTcj1eaQg$d8qzKzpftIcweTy1uTQsy+oV2U3u2q3EDBl7f5lFpjo';

/** Hashes passwords in child processes, so that the event loop is not blocked. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly all = Array.from({ length: MAX_RUNNING }, () => new HashingProcess());
  private readonly idle = [...this.all];
  private readonly waiting: ((process: HashingProcess) => void)[] = [];

  onApplicationShutdown(): void {
    for (const process of this.all) process.stop();
  }

  /**
   * Refuses early, before a caller does other work for a hash that would be refused.
   *
   * @throws UnavailableError when too many callers wait
   */
  expectRoom(): void {
    if (this.waiting.length >= MAX_WAITING) throw new UnavailableError();
  }

  hash(password: string): Promise<string> {
    return this.withProcess((process) => process.run<string>({ password: password.normalize('NFKC') }));
  }

  /** @returns false without a hash, after the time of a comparison */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const job = { password: password.normalize('NFKC'), passwordHash: passwordHash ?? DUMMY_HASH };
    return (await this.withProcess((process) => process.run<boolean>(job))) && passwordHash !== undefined;
  }

  /** @throws UnavailableError when too many callers wait */
  private async withProcess<T>(work: (process: HashingProcess) => Promise<T>): Promise<T> {
    const process = this.idle.pop() ?? (await this.nextProcess());
    try {
      return await work(process);
    } finally {
      const next = this.waiting.shift();
      if (next) next(process);
      else this.idle.push(process);
    }
  }

  private async nextProcess(): Promise<HashingProcess> {
    this.expectRoom();
    return new Promise<HashingProcess>((resolve) => this.waiting.push(resolve));
  }
}
