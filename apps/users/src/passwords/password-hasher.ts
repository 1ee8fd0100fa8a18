import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { UnavailableError } from '@repo/runtime/errors';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. Hashing runs in threads, never in the event loop. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How many hashes are made at a time, and how many may wait: more would only be late, and use memory meanwhile. */
const MAX_RUNNING = 2;
const MAX_WAITING = 64;

@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Hash of nothing: what an unknown user's password is compared with, so that it takes as long. */
  private readonly dummy = hash('nobody has this password', OPTIONS);

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFKC'), OPTIONS));
  }

  /** False without a hash, after the time that a comparison takes. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.inTurn(async () => {
      const right = await verify(passwordHash ?? (await this.dummy), password.normalize('NFKC'));
      return right && passwordHash !== undefined;
    });
  }

  /** @throws UnavailableError when too many wait already */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= MAX_RUNNING) {
      if (this.waiting.length >= MAX_WAITING) throw new UnavailableError();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
