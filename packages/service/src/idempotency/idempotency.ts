import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AppError, KeyedQueue, requestContext, UnprocessableError } from '@repo/core';
import { prune, runWithSavedResponse, type SaveResponse } from '@repo/database';
import { DataSource, type EntityManager } from 'typeorm';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { type KeyedRequest, keyedRequestOf } from './keyed-request.js';

/** How long a request waits while the same one runs in this process. */
const WAIT_MS = 3_000;
const PRUNE_INTERVAL_MS = 3_600_000;
const LIFETIME = `interval '24 hours'`;

/**
 * Does a request with an `Idempotency-Key` once, and answers it as often as it comes. The answer is written in the
 * transaction of the effect (`tx.answer`): there are both or neither, whenever the process dies. A refusal had no
 * effect, and leaves the key free.
 */
@Injectable()
export class Idempotency implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Idempotency.name);
  private readonly queue = new KeyedQueue();
  private pruning?: NodeJS.Timeout;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    if (!this.dataSource.hasMetadata(IdempotencyKey)) return;
    this.pruning = setInterval(
      () => void this.prune(),
      PRUNE_INTERVAL_MS * (0.9 + Math.random() * 0.2),
    ).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.pruning);
  }

  /**
   * @throws BadRequestError when the key is malformed, UnprocessableError when another request used it,
   * ConflictError when the same request still runs
   */
  async run(work: () => Promise<unknown>): Promise<unknown> {
    const context = requestContext();
    if (!context?.request) throw new Error('@Idempotent() works on HTTP routes only');
    const request = keyedRequestOf(context);
    if (!request) return work();
    return this.inTurn(request.id, async () => {
      const known = await this.find(request);
      if (known) return known.answer;
      try {
        return await this.execute(request, work);
      } catch (error) {
        // Another replica may have been first, and a commit may stand although its confirmation was lost.
        const meanwhile = await this.find(request);
        if (meanwhile) return meanwhile.answer;
        throw error;
      }
    });
  }

  /** One after another in this process: the others find the answer of the first. */
  private inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let waiting = true;
      const timer = setTimeout(() => {
        waiting = false;
        reject(inProgress());
      }, WAIT_MS);
      void this.queue.run(id, async () => {
        clearTimeout(timer);
        if (waiting) await work().then(resolve, reject);
      });
    });
  }

  private async execute(request: KeyedRequest, work: () => Promise<unknown>): Promise<unknown> {
    let saved: unknown;
    const save: SaveResponse = async (response, manager) => {
      await this.save(request, response, manager);
      saved = response;
    };
    const response = await runWithSavedResponse(save, work);
    if (response !== saved || saved === undefined) {
      const { method, route } = requestContext()!;
      throw new Error(`${method} ${route} is @Idempotent(): it must return what tx.saveResponse() got`);
    }
    return response;
  }

  private async save(
    { id, fingerprint }: KeyedRequest,
    answer: unknown,
    manager: EntityManager,
  ): Promise<void> {
    // Waits here while another replica does the same; an answer that is too old to be given is overwritten.
    const kept: unknown[] = await manager.query(
      `INSERT INTO ${this.table} AS known (id, fingerprint, answer) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET fingerprint = $2, answer = $3, created_at = now()
       WHERE known.created_at <= now() - ${LIFETIME} RETURNING id`,
      [id, fingerprint, JSON.stringify(answer)],
    );
    if (kept.length === 0) throw inProgress();
  }

  private async find({ id, fingerprint }: KeyedRequest): Promise<{ answer: unknown } | undefined> {
    const [known]: Pick<IdempotencyKey, 'fingerprint' | 'answer'>[] = await this.dataSource.query(
      `SELECT fingerprint, answer FROM ${this.table} WHERE id = $1 AND created_at > now() - ${LIFETIME}`,
      [id],
    );
    if (!known) return undefined;
    if (known.fingerprint !== fingerprint)
      throw new UnprocessableError('This Idempotency-Key was used for another request.');
    return { answer: JSON.parse(known.answer) as unknown };
  }

  async prune(): Promise<void> {
    await prune(this.dataSource, IdempotencyKey, { column: 'created_at', days: 1 }).catch((error: unknown) =>
      this.logger.warn(String(error)),
    );
  }

  private get table(): string {
    return this.dataSource.getMetadata(IdempotencyKey).tablePath;
  }
}

function inProgress(): AppError {
  return new AppError(409, 'A request with this Idempotency-Key is in progress.', {
    headers: { 'Retry-After': '1' },
  });
}
