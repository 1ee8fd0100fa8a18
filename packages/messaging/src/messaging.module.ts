import {
  type DynamicModule,
  Global,
  type InjectionToken,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database } from '@repo/database';
import { DeadLetters } from './dead-letters.js';
import { EVENT_BACK_OFF_MS } from './event-consumer.js';
import { EventDispatcher } from './event-dispatcher.js';
import { Inbox, pruneInbox } from './inbox.js';
import { NatsClient, type NatsOptions } from './nats-client.js';
import { NatsTransport } from './nats-transport.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { ReplicaBus } from './replica-bus.js';
import { Requests } from './requests.js';

export interface MessagingOptions {
  service: string;
  nats: Omit<NatsOptions, 'service'>;
  /** Pauses between the attempts at an event, in ms; when they are used up it is a dead letter. */
  eventBackOffMs?: readonly number[];
}

const PRUNE_INTERVAL_MS = 3_600_000;

/** Requests, events and the coherence of copies, over one NATS connection. Needs the `DatabaseModule` of the service. */
@Global()
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MessagingModule.name);
  private pruning?: NodeJS.Timeout;

  constructor(
    private readonly nats: NatsClient,
    private readonly bus: ReplicaBus,
    private readonly relay: OutboxRelay,
    private readonly database: Database,
  ) {}

  static forRoot({
    service,
    nats,
    eventBackOffMs: backOffMs = EVENT_BACK_OFF_MS,
  }: MessagingOptions): DynamicModule {
    const providers = [
      provide(NatsClient, [], () => new NatsClient({ ...nats, service })),
      provide(EventDispatcher, [], () => new EventDispatcher()),
      provide(Requests, [NatsClient], (client: NatsClient) => new Requests(client)),
      provide(ReplicaBus, [NatsClient], (client: NatsClient) => new ReplicaBus(client, service)),
      provide(
        OutboxRelay,
        [NatsClient, Database],
        (client: NatsClient, { dataSource }: Database) => new OutboxRelay(client, dataSource),
      ),
      provide(Inbox, [Database], (database: Database) => new Inbox(database, service)),
      provide(
        DeadLetters,
        [Database, EventDispatcher],
        (database: Database, dispatcher: EventDispatcher) => new DeadLetters(database, dispatcher, service),
      ),
      provide(
        NatsTransport,
        [NatsClient, ReplicaBus, EventDispatcher, DeadLetters],
        (client: NatsClient, bus: ReplicaBus, dispatcher: EventDispatcher, deadLetters: DeadLetters) =>
          new NatsTransport({ nats: client, bus, dispatcher, deadLetters, service, backOffMs }),
      ),
    ];
    return { module: MessagingModule, providers, exports: providers.map((provider) => provider.provide) };
  }

  onModuleInit(): void {
    this.database.useEventWriter(new Outbox(this.relay, this.bus));
    this.nats.start();
  }

  onApplicationBootstrap(): void {
    this.bus.start();
    this.relay.start();
    const prune = () =>
      pruneInbox(this.database.dataSource).catch((error) => this.logger.warn(String(error)));
    this.pruning = setInterval(prune, PRUNE_INTERVAL_MS * (0.9 + Math.random() * 0.2)).unref();
  }

  /** In this order: publish what is left, say goodbye, hang up. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.pruning);
    await this.relay.stop();
    this.bus.stop();
    await this.nats.close();
  }
}

function provide<D extends unknown[], T>(
  provide: InjectionToken<T>,
  inject: InjectionToken[],
  useFactory: (...dependencies: D) => T,
) {
  return { provide, inject, useFactory };
}
