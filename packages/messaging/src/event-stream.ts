import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  DiscardPolicy,
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import type { EventName } from '@repo/contracts';

/** The one stream that carries every event. */
export const EVENT_STREAM = 'EVENTS';
const eventSubject = (event: string) => `events.${event}`;

/** How long the stream keeps an event; an inbox must remember for longer. */
export const EVENT_LIFETIME_DAYS = 7;
const TIMEOUT_MS = 2_000;

const STREAM_CONFIG = {
  subjects: ['events.>'],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(EVENT_LIFETIME_DAYS * 86_400_000),
  max_bytes: 1_024 ** 3,
  duplicate_window: nanos(120_000),
};

const CONSUMER_CONFIG = {
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(30_000),
  deliver_policy: DeliverPolicy.All,
  // Attempts are counted by the consumer, which gives up an event only once that is among the dead letters.
  max_deliver: -1,
  max_ack_pending: 1_000,
};

/** Resolves when the stream has the event on disk; a second publication under the same id changes nothing. */
export async function publishEvent(
  nats: NatsConnection,
  event: string,
  id: string,
  envelope: string,
): Promise<void> {
  await jetstream(nats).publish(eventSubject(event), envelope, { msgID: id, timeout: TIMEOUT_MS });
}

/** Creates the stream, or brings it up to date. Several processes may do so at once. */
export async function declareStream(nats: NatsConnection): Promise<JetStreamManager> {
  const manager = await jetstreamManager(nats, { checkAPI: false, timeout: TIMEOUT_MS });
  try {
    // What is not named here, such as the number of copies in a cluster, stays as the operator has set it.
    await manager.streams.update(EVENT_STREAM, STREAM_CONFIG);
  } catch (error) {
    if (!isApiError(error, JetStreamApiCodes.StreamNotFound)) throw error;
    await manager.streams.add({ name: EVENT_STREAM, ...STREAM_CONFIG });
  }
  return manager;
}

/** Declares the stream, and the place of a service in it for one kind of event, which all its replicas share. */
export async function declareConsumer(
  nats: NatsConnection,
  service: string,
  event: EventName,
): Promise<Consumer> {
  const manager = await declareStream(nats);
  const name = `${service}_${event.replaceAll('.', '_')}`;
  const config = { ...CONSUMER_CONFIG, filter_subject: eventSubject(event) };
  try {
    await manager.consumers.update(EVENT_STREAM, name, config);
  } catch (error) {
    if (!isApiError(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    await manager.consumers.add(EVENT_STREAM, { ...config, durable_name: name });
  }
  return jetstream(nats).consumers.get(EVENT_STREAM, name);
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
