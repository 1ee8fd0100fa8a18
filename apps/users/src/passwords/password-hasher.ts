import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { HashingProcess } from './hashing-process.js';

/** How many hashes are made at a time: half of the processors have something else to do. */
export const MAX_RUNNING = Math.ceil(availableParallelism() / 2);
/** More would only be late. */
export const MAX_WAITING = 64;

/** Of random bytes that nobody knows: what an unknown user's password is compared with, so that it takes as long. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$0CclqNMQcFD8eGTcj1eaQg$d8qzKzpftIcweTy1uTQsy+oV2U3u2q3EDBl7f5lFpjo';

/** Hashes passwords in processes of their own, never in the event loop. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly all = Array.from({ length: MAX_RUNNING }, () => new HashingProcess());
  private readonly idle = [...this.all];
  private readonly waiting: ((process: HashingProcess) => void)[] = [];

  onApplicationShutdown(): void {
    for (const process of this.all) process.stop();
  }

  /**
   * For whoever has other things to ask first: that would be in vain.
   *
   * @throws UnavailableError when too many wait already
   */
  expectRoom(): void {
    if (this.waiting.length >= MAX_WAITING) throw new UnavailableError();
  }

  hash(password: string): Promise<string> {
    return this.inTurn((process) => process.do<string>({ password: password.normalize('NFKC') }));
  }

  /** False without a hash, after the time that a comparison takes. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const job = { password: password.normalize('NFKC'), passwordHash: passwordHash ?? DUMMY_HASH };
    return (await this.inTurn((process) => process.do<boolean>(job))) && passwordHash !== undefined;
  }

  /** @throws UnavailableError when too many wait already */
  private async inTurn<T>(work: (process: HashingProcess) => Promise<T>): Promise<T> {
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
