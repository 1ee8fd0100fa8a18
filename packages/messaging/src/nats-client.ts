import { Logger } from '@nestjs/common';
import {
  connect,
  type Msg,
  type NatsConnection,
  type Payload,
  type PublishOptions,
} from '@nats-io/transport-node';
import { UnavailableError } from '@repo/core';

/** Where NATS is, and whose connection it is. */
export interface NatsOptions {
  service: string;
  /** One URL, or several of one cluster with commas between them. */
  url: string;
  user?: string;
  password?: string;
}

export interface NatsSubscription {
  /** Takes no more messages; resolves when those that were on their way have arrived. */
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

// A frozen server is noticed within 2 s. Two pings, because one that is overdue may only mean that this process stood still.
const PING_INTERVAL_MS = 650;
const PINGS_UNANSWERED = 2;
const DIAL_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const LOST = ['disconnect', 'staleConnection', 'forceReconnect', 'close'];

/**
 * The one NATS connection of the process. It dials in the background and for ever: a server that is away keeps no
 * service from starting. Nothing is queued while it is away; callers find out at once.
 */
export class NatsClient {
  private readonly logger = new Logger(NatsClient.name);
  private readonly subscriptions = new Set<Subscription>();
  private readonly connectedListeners = new Set<() => void>();
  private readonly lostListeners = new Set<() => void>();
  private nats?: NatsConnection;
  private up = false;
  private started = false;
  private closing = false;

  constructor(private readonly options: NatsOptions) {}

  get connected(): boolean {
    return this.up;
  }

  /** Prefix of the subjects that only this service may listen on. */
  get inboxPrefix(): string {
    return `_INBOX.${this.options.service}`;
  }

  /** @throws UnavailableError while the server is away */
  get connection(): NatsConnection {
    if (!this.up || !this.nats) throw new UnavailableError('The message server is away.');
    return this.nats;
  }

  /** Starts to dial; returns at once. */
  start(): void {
    if (this.started) return;
    this.started = true;
    void this.open();
  }

  /** Runs at every (re)connection, after the subscriptions stand, and now if there is a connection. */
  onConnected(listener: () => void): () => void {
    this.connectedListeners.add(listener);
    if (this.up) listener();
    return () => this.connectedListeners.delete(listener);
  }

  onLost(listener: () => void): () => void {
    this.lostListeners.add(listener);
    return () => this.lostListeners.delete(listener);
  }

  /** @throws UnavailableError while the server is away */
  publish(subject: string, payload: Payload, options?: PublishOptions): void {
    this.connection.publish(subject, payload, options);
  }

  /** Lasts over reconnections, and may be made before the first connection. */
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

  /** Hands out what was published, then hangs up. */
  async close(): Promise<void> {
    this.closing = true;
    const { nats } = this;
    if (!nats || nats.isClosed()) return;
    if (this.up) await Promise.race([nats.drain().catch(() => undefined), patience(CLOSE_TIMEOUT_MS)]);
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
        timeout: DIAL_TIMEOUT_MS,
        noAsyncTraces: true,
        // There is no handle on a connection that was never made: this ends its dialling.
        reconnectToServer: () => {
          if (this.closing) throw new Error('The client was closed');
          return null;
        },
      });
      if (this.closing) return await nats.close();
      this.nats = nats;
      for (const subscription of this.subscriptions) this.openSubscription(nats, subscription);
      const watching = this.watch(nats);
      this.restored();
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
      if (status.type === 'reconnect') this.restored();
      else if (status.type === 'error') this.logger.warn(status.error.message);
      else if (LOST.includes(status.type)) this.lost();
    }
  }

  private restored(): void {
    if (this.up || this.closing) return;
    this.up = true;
    this.logger.log('Connected to NATS');
    for (const listener of this.connectedListeners) listener();
  }

  private lost(): void {
    if (!this.up) return;
    this.up = false;
    if (!this.closing) this.logger.warn('The connection to NATS is lost');
    for (const listener of this.lostListeners) listener();
  }
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
