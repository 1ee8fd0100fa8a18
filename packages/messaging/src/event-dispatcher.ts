import type { EventEnvelope, EventName } from '@repo/contracts';
import { KeyedQueue, Semaphore, traceparentOf } from '@repo/core';
import { runInSpan } from '@repo/observability';
import { checkPayload } from './event-envelope.js';

export type EventHandler = (event: EventEnvelope) => Promise<unknown>;

/** How many events a process handles at once: they share the database pool with its requests. */
const MAX_RUNNING = 8;

/**
 * Hands events to their handlers, whichever way they came. Events about the same thing run one after another in this
 * process; across replicas and redeliveries only the versions in the payloads tell what is newer.
 */
export class EventDispatcher {
  private readonly handlers = new Map<string, EventHandler[]>();
  private readonly queue = new KeyedQueue();
  private readonly limit = new Semaphore(MAX_RUNNING);

  register(event: string, handler: EventHandler): void {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
  }

  get events(): EventName[] {
    return [...this.handlers.keys()] as EventName[];
  }

  /**
   * Rejects with what a handler failed with; those before it have done their work, and will find it done.
   *
   * @throws InvalidEventError when the payload breaks its rules
   */
  async dispatch(event: EventEnvelope): Promise<void> {
    const handlers = this.handlers.get(event.event);
    if (!handlers) throw new Error(`This service has no handler for ${event.event}`);
    const context = { requestId: event.requestId ?? event.id, traceparent: traceparentOf(event.traceparent) };
    await this.queue.run(event.aggregateId, () =>
      this.limit.run(() =>
        runInSpan(event.event, 'consumer', context, async () => {
          await checkPayload(event);
          for (const handler of handlers) await handler(event);
        }),
      ),
    );
  }
}
