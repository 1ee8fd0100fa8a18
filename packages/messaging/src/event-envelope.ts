import type { Type } from '@nestjs/common';
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
 * Holds a payload to the rules of its class, or of one of its classes. Fields that these do not have are no mistake:
 * who tells it may be newer.
 *
 * @throws InvalidEventError with what is wrong, field by field
 */
export async function checkPayload({ event, data }: EventEnvelope): Promise<void> {
  const kinds: Type<object>[] = [EVENTS[event]].flat();
  const checks = kinds.map((kind) => validated(kind, data, { location: 'data', forbidExtra: false }));
  const outcomes = await Promise.allSettled(checks);
  if (outcomes.some(({ status }) => status === 'fulfilled')) return;
  const reasons = outcomes.map((outcome) => describe((outcome as PromiseRejectedResult).reason));
  throw new InvalidEventError(`The payload of ${event} breaks its rules: ${reasons.join('; or ')}`);
}

function describe(error: unknown): string {
  return error instanceof InvalidInputError ? error.explanation : String(error);
}

/** Topic on which live consumers hear of an event before the answer to its cause goes out. */
export const eventTopic = (event: string) => `event.${event}`;
