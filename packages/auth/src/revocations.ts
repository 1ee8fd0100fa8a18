import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { limitTimeLeft, UnavailableError, until } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { RevocationSource } from './revocation-source.js';
import type { VerifiedToken } from './token.js';

const TOPIC = 'revocations';
const SWEEP_MS = 60_000;
const RELOAD_RETRY_MS = 500;
/** Time that a request waits for the list. */
const WAIT_MS = 1_000;
/** Time that a request which had to wait for the list has for everything, so that it is refused within 1.5 s. */
const BUDGET_MS = 1_300;

/**
 * The revocations of unexpired tokens, in the memory of every process. `revoke` resolves when all live processes have
 * applied it (see ReplicaBus). A process that may have missed a revocation accepts no token until it has reloaded the list.
 */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Revocations.name);
  private readonly entries = new Map<string, Revocation>();
  private loaded = false;
  private loads = 0;
  private retry?: NodeJS.Timeout;

  constructor(
    private readonly bus: ReplicaBus,
    @Inject(RevocationSource) private readonly source: Pick<RevocationSource, 'list'>,
  ) {}

  onApplicationBootstrap(): void {
    this.bus.listen<Revocation[]>(TOPIC, {
      onMessage: (revocations) => revocations.forEach((revocation) => this.add(revocation)),
      reload: () => this.reload(),
    });
    void this.reload();
    setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.retry);
  }

  // #region revoke
  /** Revokes tokens. Resolves when no live process accepts them. */
  async revoke(...revocations: Revocation[]): Promise<void> {
    revocations.forEach((revocation) => this.add(revocation));
    await this.bus.broadcast(TOPIC, revocations);
  }
  // #endregion

  /** Whether the list has every revocation. */
  get isCurrent(): boolean {
    return this.loaded && this.bus.leaseValid;
  }

  /** @throws UnavailableError when the list is not current */
  async isRevoked(claims: VerifiedToken): Promise<boolean> {
    if (!this.isCurrent) await this.whenCurrent();
    return this.includes(claims);
  }

  private async whenCurrent(): Promise<void> {
    const start = performance.now();
    if (!(await until(() => this.isCurrent, WAIT_MS))) throw new UnavailableError();
    limitTimeLeft(BUDGET_MS - (performance.now() - start));
  }

  includes(claims: VerifiedToken): boolean {
    return (
      this.matches(this.entries.get(keyOf('session', claims.sid)), claims) ||
      this.matches(this.entries.get(keyOf('user', Number(claims.sub))), claims)
    );
  }

  private matches(revocation: Revocation | undefined, claims: VerifiedToken): boolean {
    if (!revocation) return false;
    if (revocation.kind === 'session') return true;
    const { belowVersion, issuedBefore } = revocation;
    if (claims.userVersion === undefined || belowVersion === undefined) return claims.iat < issuedBefore;
    return claims.userVersion < belowVersion;
  }

  private add(revocation: Revocation): void {
    const key = keyOf(revocation.kind, revocation.id);
    const present = this.entries.get(key);
    this.entries.set(key, present ? stricter(present, revocation) : revocation);
  }

  /** Loads the list, and retries until it succeeds. Meanwhile it is not current. */
  private async reload(): Promise<void> {
    const load = ++this.loads;
    this.loaded = false;
    clearTimeout(this.retry);
    try {
      for await (const revocation of this.source.list()) this.add(revocation);
      if (load === this.loads) this.loaded = true;
    } catch (error) {
      if (load !== this.loads) return;
      this.logger.debug(
        `Revocations could not be loaded; retrying in ${RELOAD_RETRY_MS} ms: ${(error as Error).message}`,
      );
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

function stricter(present: Revocation, added: Revocation): Revocation {
  const expiresAt = Math.max(present.expiresAt, added.expiresAt);
  if (present.kind === 'session' || added.kind === 'session') return { ...added, expiresAt };
  return {
    ...added,
    belowVersion: Math.max(present.belowVersion ?? 0, added.belowVersion ?? 0),
    issuedBefore: Math.max(present.issuedBefore, added.issuedBefore),
    expiresAt,
  };
}
