import { Injectable } from '@nestjs/common';
import { UnavailableError } from '@repo/runtime/errors';
import { HashingThread } from './hashing-thread.js';

/** How many hashes are made at a time, and how many may wait: more would only be late, and use memory meanwhile. */
const MAX_RUNNING = 2;
const MAX_WAITING = 64;

/** Hashes passwords in threads of their own, never in the event loop. */
@Injectable()
export class PasswordHasher {
  private readonly idle = Array.from({ length: MAX_RUNNING }, () => new HashingThread());
  private readonly waiting: ((thread: HashingThread) => void)[] = [];
  /** Hash of nothing: what an unknown user's password is compared with, so that it takes as long. */
  private readonly dummy = this.hash('nobody has this password');

  hash(password: string): Promise<string> {
    return this.inTurn((thread) => thread.do<string>({ password: password.normalize('NFKC') }));
  }

  /** False without a hash, after the time that a comparison takes. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const job = { password: password.normalize('NFKC'), passwordHash: passwordHash ?? (await this.dummy) };
    return (await this.inTurn((thread) => thread.do<boolean>(job))) && passwordHash !== undefined;
  }

  /** @throws UnavailableError when too many wait already */
  private async inTurn<T>(work: (thread: HashingThread) => Promise<T>): Promise<T> {
    const thread = this.idle.pop() ?? (await this.nextThread());
    try {
      return await work(thread);
    } finally {
      const next = this.waiting.shift();
      if (next) next(thread);
      else this.idle.push(thread);
    }
  }

  private async nextThread(): Promise<HashingThread> {
    if (this.waiting.length >= MAX_WAITING) throw new UnavailableError();
    return new Promise<HashingThread>((resolve) => this.waiting.push(resolve));
  }
}
