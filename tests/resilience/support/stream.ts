import { jetstream } from '@nats-io/jetstream';
import type { System } from './system.ts';

/** The data of all messages that the stream of events holds on a subject, in order. */
export async function messagesOf<T>(system: System, subject: string): Promise<T[]> {
  const nats = await system.nats();
  const consumer = await jetstream(nats).consumers.get('EVENTS', { filter_subjects: subject });
  const found: T[] = [];
  let pending = (await consumer.info()).num_pending;
  while (pending > 0) {
    for await (const message of await consumer.fetch({
      max_messages: Math.min(pending, 500),
      expires: 5_000,
    })) {
      found.push(message.json<{ data: T }>().data);
      pending = message.info.pending;
    }
  }
  return found;
}
