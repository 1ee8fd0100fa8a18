import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError, KeyedQueue, requestContext, UnprocessableError } from '@repo/core';
import { prune, pruneHourly, responseSaver, type SaveResponse } from '@repo/database';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { type KeyedRequest, keyedRequestOf } from './keyed-request.js';

/** Time that a request waits for a request with the same key in this process. */
const WAIT_MS = 3_000;
const LIFETIME = `interval '24 hours'`;

/**
 * Executes requests with the same `Idempotency-Key` once, and repeats the response. `tx.saveResponse` saves it in the
 * transaction of the effect, so that both are committed or neither. An error has no effect and leaves the key unused.
 */
@Injectable()
export class Idempotency implements OnApplicationBootstrap {
  private readonly queue = new KeyedQueue();

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    if (this.dataSource.hasMetadata(IdempotencyKey)) pruneHourly(() => this.prune());
  }

  async run(work: () => Promise<unknown>): Promise<unknown> {
    const context = requestContext();
    if (!context?.request) throw new Error('@Idempotent() works on HTTP routes only');
    const request = keyedRequestOf(context);
    if (!request) return work();
    return this.inOrder(request.id, async () => {
      const saved = await this.find(request);
      if (saved) return saved.response;
      try {
        return await this.execute(request, work);
      } catch (error) {
        // Another replica may have committed first, or the confirmation of this commit was lost.
        const committed = await this.find(request);
        if (committed) return committed.response;
        throw error;
      }
    });
  }

  prune(): Promise<number> {
    return prune(this.dataSource, IdempotencyKey, { column: 'created_at', days: 1 });
  }

  /** Runs requests with the same id one after another, so that each finds the response of the first. */
  private inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let expired = false;
      const timer = setTimeout(() => {
        expired = true;
        reject(inProgress());
      }, WAIT_MS);
      void this.queue.run(id, async () => {
        clearTimeout(timer);
        if (!expired) await work().then(resolve, reject);
      });
    });
  }

  private async execute({ id, fingerprint }: KeyedRequest, work: () => Promise<unknown>): Promise<unknown> {
    let saved: unknown;
    const save: SaveResponse = async (response, manager) => {
      // The statement waits while another replica inserts the same id. It overwrites an expired response.
      const inserted: unknown[] = await manager.query(
        `INSERT INTO ${this.table} AS saved (id, fingerprint, answer) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET fingerprint = $2, answer = $3, created_at = now()
         WHERE saved.created_at <= now() - ${LIFETIME} RETURNING id`,
        [id, fingerprint, JSON.stringify(response)],
      );
      if (inserted.length === 0) throw inProgress();
      saved = response;
    };
    const response = await responseSaver.run(save, work);
    if (response !== saved || saved === undefined) {
      const { method, route } = requestContext()!;
      throw new Error(`${method} ${route} is @Idempotent(): it must return what tx.saveResponse() returned`);
    }
    return response;
  }

  private async find({ id, fingerprint }: KeyedRequest): Promise<{ response: unknown } | undefined> {
    const [saved]: Pick<IdempotencyKey, 'fingerprint' | 'answer'>[] = await this.dataSource.query(
      `SELECT fingerprint, answer FROM ${this.table} WHERE id = $1 AND created_at > now() - ${LIFETIME}`,
      [id],
    );
    if (!saved) return undefined;
    if (saved.fingerprint !== fingerprint)
      throw new UnprocessableError('This Idempotency-Key was used for another request.');
    return { response: JSON.parse(saved.answer) as unknown };
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
