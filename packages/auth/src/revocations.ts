import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { UnavailableError } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { RevocationSource } from './revocation-source.js';
import type { TokenClaims } from './token.js';

const TOPIC = 'revocations';
const SWEEP_MS = 60_000;
const RELOAD_RETRY_MS = 500;
/** How long a request waits for a list that is being loaded. */
const TRUST_WAIT_MS = 1_000;

/**
 * The revocations that still matter, in the memory of every process: checking a token asks nobody.
 * Whoever revokes gets to go on when every live process knows it (see ReplicaBus); a process that may have missed
 * one accepts no token until it has loaded the list anew.
 */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Revocations.name);
  private readonly entries = new Map<string, Revocation>();
  private loaded = false;
  private loads = 0;
  private stopListening?: () => void;
  private sweeper?: NodeJS.Timeout;
  private retry?: NodeJS.Timeout;

  constructor(
    private readonly bus: ReplicaBus,
    private readonly source: RevocationSource,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.bus.listen<Revocation[]>(TOPIC, {
      onMessage: (revocations) => revocations.forEach((revocation) => this.add(revocation)),
      reload: () => this.reload(),
    });
    void this.reload();
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    clearInterval(this.sweeper);
    clearTimeout(this.retry);
  }

  // #region revoke
  /** Resolves when no live process accepts the revoked tokens any more. */
  async revoke(...revocations: Revocation[]): Promise<void> {
    revocations.forEach((revocation) => this.add(revocation));
    await this.bus.broadcast(TOPIC, revocations);
  }
  // #endregion

  /**
   * Whether a token with these claims was revoked.
   *
   * @throws UnavailableError when this process cannot know at present
   */
  async isRevoked(claims: TokenClaims): Promise<boolean> {
    if (!this.leaseValid) await this.becomeTrusted();
    return (
      this.matches(this.entries.get(keyOf('session', claims.sid)), claims) ||
      this.matches(this.entries.get(keyOf('user', Number(claims.sub))), claims)
    );
  }

  get leaseValid(): boolean {
    return this.loaded && this.bus.leaseValid;
  }

  private async becomeTrusted(): Promise<void> {
    const deadline = performance.now() + TRUST_WAIT_MS;
    while (!this.leaseValid && performance.now() < deadline) {
      await this.bus.whenLeaseValid(Math.max(1, deadline - performance.now()));
      if (!this.loaded) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (!this.leaseValid) throw new UnavailableError();
  }

  private matches(revocation: Revocation | undefined, claims: TokenClaims): boolean {
    return (
      revocation !== undefined && (revocation.kind === 'session' || claims.iat < revocation.issuedBefore)
    );
  }

  private add(revocation: Revocation): void {
    const key = keyOf(revocation.kind, revocation.id);
    const known = this.entries.get(key);
    this.entries.set(key, known ? stricter(known, revocation) : revocation);
  }

  /** After a (re)connection: until it is through, nothing is leaseValid. Tried again until it works. */
  private async reload(): Promise<void> {
    const load = ++this.loads;
    this.loaded = false;
    clearTimeout(this.retry);
    try {
      for await (const revocation of this.source.list()) this.add(revocation);
      if (load === this.loads) this.loaded = true;
    } catch (error) {
      if (load !== this.loads) return;
      this.logger.debug(`Revocations cannot be loaded yet: ${(error as Error).message}`);
      this.retry = setTimeout(() => void this.reload(), RELOAD_RETRY_MS).unref();
    }
  }

  private sweep(): void {
    const now = Date.now();
    for (const [key, { expiresAt }] of this.entries) if (expiresAt < now) this.entries.delete(key);
  }
}

function keyOf(kind: Revocation['kind'], id: string | number): string {
  return `${kind}:${id}`;
}

function stricter(known: Revocation, added: Revocation): Revocation {
  const expiresAt = Math.max(known.expiresAt, added.expiresAt);
  if (known.kind === 'session' || added.kind === 'session') return { ...added, expiresAt };
  return { ...added, issuedBefore: Math.max(known.issuedBefore, added.issuedBefore), expiresAt };
}
