import { aggregateIdOf, type EventEnvelope, EVENTS } from '@repo/contracts';
import { InvalidInputError, validated } from '@repo/core';

/** An event that this service cannot apply, now or later. */
export class InvalidEventError extends Error {}

/** Topic on which an event is broadcast to the running replicas of its consumers. */
export const eventTopic = (event: string) => `event.${event}`;

/** @throws InvalidEventError when the text is not an envelope of this event */
export function parseEnvelope(text: string, event: string): EventEnvelope {
  try {
    const envelope = JSON.parse(text) as EventEnvelope;
    const valid =
      typeof envelope?.id === 'string' &&
      envelope.event === event &&
      envelope.version === 1 &&
      typeof envelope.aggregateId === 'string' &&
      typeof envelope.data === 'object' &&
      envelope.data !== null &&
      aggregateIdOf(envelope.event, envelope.data) === envelope.aggregateId;
    if (valid) return envelope;
  } catch (cause) {
    throw new InvalidEventError(`The message is not an envelope of ${event}`, { cause });
  }
  throw new InvalidEventError(`The message is not an envelope of ${event} in version 1`);
}

/** Unknown fields are accepted, because the publisher may be newer. @throws InvalidEventError */
export async function checkPayload({ event, data }: EventEnvelope): Promise<void> {
  try {
    await validated<object>(EVENTS[event], data, { location: 'data', forbidExtra: false });
  } catch (error) {
    const reason = error instanceof InvalidInputError ? error.explanation : String(error);
    throw new InvalidEventError(`The payload of ${event} is invalid: ${reason}`);
  }
}
