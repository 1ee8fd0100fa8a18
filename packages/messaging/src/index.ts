import { DeadLetter } from './dead-letter.entity.js';
import { InboxMessage } from './inbox-message.entity.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** The tables of messaging in the schema of a service. */
export const messagingEntities = [OutboxMessage, InboxMessage, DeadLetter];

export { DeadLetter, OutboxMessage };
export { DeadLetters } from './dead-letters.js';
export { Inbox, pruneInbox } from './inbox.js';
export { OnEvent, OnRequest } from './message.decorators.js';
export { MessagingModule } from './messaging.module.js';
export { NatsClient } from './nats-client.js';
export { NatsTransport } from './nats-transport.js';
export { ReplicaBus } from './replica-bus.js';
export { Requests } from './requests.js';
