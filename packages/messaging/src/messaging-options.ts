import type { NatsOptions } from './nats-client.js';

export const MESSAGING_OPTIONS = Symbol('MESSAGING_OPTIONS');

export interface MessagingOptions {
  service: string;
  nats: Omit<NatsOptions, 'service'>;
  /** Pauses in ms between the attempts to apply an event; after the last attempt it becomes a dead letter. */
  eventBackOffMs?: readonly number[];
}
