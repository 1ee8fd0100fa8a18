import { Injectable } from '@nestjs/common';
import type { EventEnvelope, EventName } from '@repo/contracts';
import { KeyedQueue, Semaphore, traceparentOf } from '@repo/core';
import { runInSpan } from '@repo/observability';
import { checkPayload } from './event-envelope.js';

export type EventHandler = (event: EventEnvelope) => Promise<unknown>;

/** Limit for one process, because handlers share the connection pool with HTTP requests. */
const MAX_CONCURRENT = 8;

/**
 * Calls the handlers of an event, one event of an aggregate after another. Between replicas and after
 * redeliveries the order is not kept: handlers compare the versions in the payloads.
 */
@Injectable()
export class EventDispatcher {
  private readonly handlers = new Map<string, EventHandler[]>();
  private readonly queue = new KeyedQueue();
  private readonly semaphore = new Semaphore(MAX_CONCURRENT);

  register(event: string, handler: EventHandler): void {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
  }

  get events(): EventName[] {
    return [...this.handlers.keys()] as EventName[];
  }

  /** Rejects with the error of the first handler that fails, or with InvalidEventError. */
  async dispatch(event: EventEnvelope): Promise<void> {
    const handlers = this.handlers.get(event.event);
    if (!handlers) throw new Error(`This service has no handler for ${event.event}`);
    const context = { requestId: event.requestId ?? event.id, traceparent: traceparentOf(event.traceparent) };
    const handle = async () => {
      await checkPayload(event);
      for (const handler of handlers) await handler(event);
    };
    await this.queue.run(event.aggregateId, () =>
      this.semaphore.run(() => runInSpan(event.event, 'consumer', context, handle)),
    );
  }
}
