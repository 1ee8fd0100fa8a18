import { Logger } from '@nestjs/common';
import {
  connect,
  type Msg,
  type NatsConnection,
  type Payload,
  type PublishOptions,
} from '@nats-io/transport-node';
import { UnavailableError, withDeadline } from '@repo/core';

export interface NatsOptions {
  /** Name of the connection, and part of its inbox prefix. */
  service: string;
  /** One URL, or the URLs of a cluster, separated by commas. */
  url: string;
  user?: string;
  password?: string;
}

export interface NatsSubscription {
  /** Ends the subscription; resolves when the messages that were on their way have arrived. */
  drain(): Promise<void>;
}

interface SubscribeOptions {
  queue?: string;
  onMessage: (message: Msg) => void;
}

interface Subscription extends SubscribeOptions {
  subject: string;
  live?: NatsSubscription;
}

// A frozen server is detected within 2 s. Two pings, because one may be late when this process itself was frozen.
const PING_INTERVAL_MS = 650;
const PINGS_UNANSWERED = 2;
const CONNECT_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const DISCONNECTED = ['disconnect', 'staleConnection', 'forceReconnect', 'close'];

/**
 * The NATS connection of the process. It connects and reconnects in the background without limit, so a service starts while
 * the server is unavailable. Messages are not queued meanwhile: publishing throws an error.
 */
export class NatsClient {
  private readonly logger = new Logger(NatsClient.name);
  private readonly subscriptions = new Set<Subscription>();
  private readonly connectedListeners = new Set<() => void>();
  private readonly disconnectedListeners = new Set<() => void>();
  private nats?: NatsConnection;
  private up = false;
  private started = false;
  private closing = false;

  constructor(private readonly options: NatsOptions) {}

  get service(): string {
    return this.options.service;
  }

  get connected(): boolean {
    return this.up;
  }

  /** Prefix of the subjects that only this service may subscribe to. */
  get inboxPrefix(): string {
    return `_INBOX.${this.service}`;
  }

  /** @throws UnavailableError while disconnected */
  get connection(): NatsConnection {
    if (!this.up || !this.nats) throw new UnavailableError('NATS is unavailable.');
    return this.nats;
  }

  /** Starts to connect in the background. */
  start(): void {
    if (this.started) return;
    this.started = true;
    void this.open();
  }

  /**
   * Calls `listener` after each (re)connection, when all subscriptions are active, and now if connected.
   *
   * @returns function that removes the listener
   */
  onConnected(listener: () => void): () => void {
    this.connectedListeners.add(listener);
    if (this.up) listener();
    return () => this.connectedListeners.delete(listener);
  }

  /** @returns function that removes the listener */
  onDisconnected(listener: () => void): () => void {
    this.disconnectedListeners.add(listener);
    return () => this.disconnectedListeners.delete(listener);
  }

  /** @throws UnavailableError while disconnected */
  publish(subject: string, payload: Payload, options?: PublishOptions): void {
    this.connection.publish(subject, payload, options);
  }

  /** The subscription is renewed at each reconnection. It may be made before the first connection. */
  subscribe(subject: string, options: SubscribeOptions): NatsSubscription {
    const subscription: Subscription = { subject, ...options };
    this.subscriptions.add(subscription);
    if (this.nats && !this.closing) this.openSubscription(this.nats, subscription);
    return {
      drain: async () => {
        this.subscriptions.delete(subscription);
        await subscription.live?.drain().catch(() => undefined);
      },
    };
  }

  /** Sends what was published, then closes the connection. */
  async close(): Promise<void> {
    this.closing = true;
    const { nats } = this;
    if (!nats || nats.isClosed()) return;
    if (this.up)
      await withDeadline(
        nats.drain().catch(() => undefined),
        CLOSE_TIMEOUT_MS,
      );
    await nats.close();
  }

  private async open(): Promise<void> {
    const { service, url, user, password } = this.options;
    try {
      const nats = await connect({
        servers: url.split(','),
        ...(user && { user, pass: password }),
        name: service,
        inboxPrefix: this.inboxPrefix,
        waitOnFirstConnect: true,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 100,
        ignoreAuthErrorAbort: true,
        pingInterval: PING_INTERVAL_MS,
        maxPingOut: PINGS_UNANSWERED,
        timeout: CONNECT_TIMEOUT_MS,
        noAsyncTraces: true,
        // connect() returns nothing to close before the first connection: an error here ends its attempts.
        reconnectToServer: () => {
          if (this.closing) throw new Error('The client was closed');
          return null;
        },
      });
      if (this.closing) return await nats.close();
      this.nats = nats;
      for (const subscription of this.subscriptions) this.openSubscription(nats, subscription);
      const watching = this.watch(nats);
      this.setConnected();
      await watching;
    } catch (error) {
      if (!this.closing) this.logger.error(error, 'NATS');
    }
  }

  private openSubscription(nats: NatsConnection, subscription: Subscription): void {
    const { subject, queue, onMessage } = subscription;
    subscription.live = nats.subscribe(subject, {
      queue,
      callback: (error, message) => {
        try {
          if (error) throw error;
          onMessage(message);
        } catch (failure) {
          this.logger.error(failure, `Subscription to ${subject}`);
        }
      },
    });
  }

  private async watch(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'reconnect') this.setConnected();
      else if (status.type === 'error') this.logger.warn(status.error.message);
      else if (DISCONNECTED.includes(status.type)) this.setDisconnected();
    }
  }

  private setConnected(): void {
    if (this.up || this.closing) return;
    this.up = true;
    this.logger.log('Connected to NATS');
    for (const listener of this.connectedListeners) listener();
  }

  private setDisconnected(): void {
    if (!this.up) return;
    this.up = false;
    if (!this.closing) this.logger.warn('Disconnected from NATS');
    for (const listener of this.disconnectedListeners) listener();
  }
}
