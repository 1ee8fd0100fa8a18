import {
  type DynamicModule,
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database, pruneHourly } from '@repo/database';
import { DeadLetters } from './dead-letters.js';
import { EventDispatcher } from './event-dispatcher.js';
import { Inbox, pruneInbox } from './inbox.js';
import { type MessagingOptions, NatsClient } from './nats-client.js';
import { NatsTransport } from './nats-transport.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { ReplicaBus } from './replica-bus.js';
import { Requests } from './requests.js';

/** Requests, events and broadcasts over one NATS connection. Needs the `DatabaseModule` of the service. */
@Global()
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly nats: NatsClient,
    private readonly bus: ReplicaBus,
    private readonly relay: OutboxRelay,
    private readonly database: Database,
  ) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    const providers = [Requests, ReplicaBus, OutboxRelay, EventDispatcher, Inbox, DeadLetters, NatsTransport];
    return {
      module: MessagingModule,
      providers: [...providers, { provide: NatsClient, useFactory: () => new NatsClient(options) }],
      exports: [...providers, NatsClient],
    };
  }

  async onModuleInit(): Promise<void> {
    this.database.useEventPublisher(new Outbox(this.relay, this.bus));
    await this.nats.expectAccount();
    this.nats.start();
  }

  onApplicationBootstrap(): void {
    this.bus.start();
    this.relay.start();
    pruneHourly(() => pruneInbox(this.database.dataSource));
  }

  /** The relay and the bus send their last messages, so the connection is closed after them. */
  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
    this.bus.stop();
    await this.nats.close();
  }
}
