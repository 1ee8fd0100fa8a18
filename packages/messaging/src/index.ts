import { DeadLetter } from './dead-letter.entity.js';
import { InboxMessage } from './inbox-message.entity.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** What messaging keeps in a service's schema. */
export const messagingEntities = [OutboxMessage, InboxMessage, DeadLetter];

export { DeadLetter, InboxMessage, OutboxMessage };
export { DeadLetters, type Replayed } from './dead-letters.js';
export { Inbox, pruneInbox } from './inbox.js';
export { OnEvent, OnRequest } from './message.decorators.js';
export { MessagingModule, type MessagingOptions } from './messaging.module.js';
export { NatsClient, type NatsOptions, type NatsSubscription } from './nats-client.js';
export { NatsTransport } from './nats-transport.js';
export { OutboxRelay } from './outbox-relay.js';
export { ReplicaBus } from './replica-bus.js';
export type { ReplicaListener } from './replica-listeners.js';
export type { Member } from './replica-members.js';
export { REQUEST_TIMEOUT_MS, type RequestOptions, Requests } from './requests.js';
