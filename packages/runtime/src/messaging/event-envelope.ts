import type { EventEnvelope, EventMap, EventName } from '@repo/contracts';

/** What an event is about: the `id` of its payload, or else the first field that is named as one (`userId`). */
export function aggregateIdOf<E extends EventName>(event: E, data: EventMap[E]): string {
  const fields = Object.entries(data) as [string, unknown][];
  const [, id] = fields.find(([key]) => key === 'id') ?? fields.find(([key]) => key.endsWith('Id')) ?? [];
  if (typeof id !== 'number' && typeof id !== 'string')
    throw new Error(`The payload of ${event} names nothing it is about`);
  return String(id);
}

/** @throws Error when these bytes are no event of the kind */
export function parseEnvelope(text: string, event: string): EventEnvelope {
  const envelope = JSON.parse(text) as EventEnvelope;
  const sound =
    typeof envelope?.id === 'string' &&
    envelope.event === event &&
    envelope.version === 1 &&
    typeof envelope.aggregateId === 'string' &&
    typeof envelope.data === 'object' &&
    envelope.data !== null &&
    aggregateIdOf(envelope.event, envelope.data) === envelope.aggregateId;
  if (!sound) throw new Error(`Not an envelope of ${event} that this version understands`);
  return envelope;
}

/** Topic on which live consumers hear of an event before the answer to its cause goes out. */
export const eventTopic = (event: string) => `event.${event}`;
