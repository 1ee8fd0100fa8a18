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

export const EVENT_STREAM = 'EVENTS';
/** The time for which the stream stores an event; inboxes store its id for longer. */
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
  // No limit: EventConsumer ends the deliveries after it has stored the dead letter.
  max_deliver: -1,
  max_ack_pending: 1_000,
};

const subjectOf = (event: string) => `events.${event}`;

/** Resolves when the event is on disk. JetStream ignores a second publication with the same id. */
export async function publishEvent(
  nats: NatsConnection,
  event: string,
  id: string,
  envelope: string,
): Promise<void> {
  await jetstream(nats).publish(subjectOf(event), envelope, { msgID: id, timeout: TIMEOUT_MS });
}

/** Creates or updates the stream. Several processes may do so at the same time. @param replicas servers that store each event */
export async function declareStream(nats: NatsConnection, replicas = 1): Promise<JetStreamManager> {
  const manager = await jetstreamManager(nats, { checkAPI: false, timeout: TIMEOUT_MS });
  // An update keeps all other settings, such as a number of replicas that an operator has set by hand.
  const config = { ...STREAM_CONFIG, ...(replicas > 1 && { num_replicas: replicas }) };
  await manager.streams.update(EVENT_STREAM, config).catch((error) => {
    if (!isApiError(error, JetStreamApiCodes.StreamNotFound)) throw error;
    return manager.streams.add({ name: EVENT_STREAM, ...config });
  });
  return manager;
}

/** Creates or updates the stream, and the durable consumer that the replicas of a service share. */
export async function declareConsumer(
  nats: NatsConnection,
  service: string,
  event: EventName,
  replicas?: number,
): Promise<Consumer> {
  const manager = await declareStream(nats, replicas);
  const name = `${service}_${event.replaceAll('.', '_')}`;
  const config = { ...CONSUMER_CONFIG, filter_subject: subjectOf(event) };
  await manager.consumers.update(EVENT_STREAM, name, config).catch((error) => {
    if (!isApiError(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    return manager.consumers.add(EVENT_STREAM, { ...config, durable_name: name });
  });
  return jetstream(nats).consumers.get(EVENT_STREAM, name);
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
