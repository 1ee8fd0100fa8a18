import { type EventEnvelope, type EventMap, type EventName, EVENTS } from '@repo/contracts';
import { InvalidInputError, validated } from '@repo/core';

/** What nobody here can understand, this time or the next. */
export class InvalidEventError extends Error {}

/** What an event is about: the `id` of its payload, or else the first field that is named as one (`userId`). */
export function aggregateIdOf<E extends EventName>(event: E, data: EventMap[E]): string {
  const fields = Object.entries(data) as [string, unknown][];
  const [, id] = fields.find(([key]) => key === 'id') ?? fields.find(([key]) => key.endsWith('Id')) ?? [];
  if (typeof id !== 'number' && typeof id !== 'string')
    throw new Error(`The payload of ${event} names nothing it is about`);
  return String(id);
}

/** @throws InvalidEventError when these bytes are no event of the kind */
export function parseEnvelope(text: string, event: string): EventEnvelope {
  try {
    const envelope = JSON.parse(text) as EventEnvelope;
    const sound =
      typeof envelope?.id === 'string' &&
      envelope.event === event &&
      envelope.version === 1 &&
      typeof envelope.aggregateId === 'string' &&
      typeof envelope.data === 'object' &&
      envelope.data !== null &&
      aggregateIdOf(envelope.event, envelope.data) === envelope.aggregateId;
    if (sound) return envelope;
  } catch (cause) {
    throw new InvalidEventError(`Not an envelope of ${event}`, { cause });
  }
  throw new InvalidEventError(`Not an envelope of ${event} that this version understands`);
}

/**
 * Checks a payload against the rules of its class. Fields that the class does not have are accepted: the publisher may be
 * newer.
 *
 * @throws InvalidEventError with what is wrong, field by field
 */
export async function checkPayload({ event, data }: EventEnvelope): Promise<void> {
  try {
    await validated<object>(EVENTS[event], data, { location: 'data', forbidExtra: false });
  } catch (error) {
    const reason = error instanceof InvalidInputError ? error.explanation : String(error);
    throw new InvalidEventError(`The payload of ${event} breaks its rules: ${reason}`);
  }
}

/** Topic on which live consumers hear of an event before the answer to its cause goes out. */
export const eventTopic = (event: string) => `event.${event}`;
