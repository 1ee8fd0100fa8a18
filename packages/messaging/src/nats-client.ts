import { Logger } from '@nestjs/common';
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { StartError, UnavailableError, withDeadline } from '@repo/core';

export interface MessagingOptions {
  /** Name of the connection, and part of its inbox prefix. */
  service: string;
  /** One URL, or the URLs of a cluster, separated by commas. */
  url: string;
  user?: string;
  password?: string;
  token?: string;
  /** Content of a credentials file. */
  credentials?: string;
  /** Certificates and key, in PEM form, for `tls://`. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** Servers of a cluster that store each event. */
  streamReplicas?: number;
  /** Pauses in ms between the attempts to apply an event; after the last attempt it becomes a dead letter. */
  eventBackOffMs?: readonly number[];
}

type ConnectionEvent = 'connected' | 'disconnected';

// A frozen server is detected within 2 s. Two pings, because one may be late when this process was frozen.
const PING_INTERVAL_MS = 650;
const PINGS_UNANSWERED = 2;
const CONNECT_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const DISCONNECTED = ['disconnect', 'staleConnection', 'forceReconnect', 'close'];

/**
 * The NATS connection of the process. It connects and reconnects in the background without limit, so a
 * service starts while the server is unavailable. Messages are not queued meanwhile.
 */
export class NatsClient {
  connected = false;
  private readonly logger = new Logger(NatsClient.name);
  private readonly listeners = { connected: new Set<() => void>(), disconnected: new Set<() => void>() };
  /** Open the subscriptions that are made before the first connection. */
  private readonly pending = new Set<(nats: NatsConnection) => void>();
  private nats?: NatsConnection;
  private flushing?: Promise<void>;
  private closing = false;

  constructor(readonly options: MessagingOptions) {}

  get service(): string {
    return this.options.service;
  }

  /** Prefix of the subjects that only this service may subscribe to. */
  get inboxPrefix(): string {
    return `_INBOX.${this.service}`;
  }

  /** @throws UnavailableError while disconnected */
  get connection(): NatsConnection {
    if (!this.connected || !this.nats) throw new UnavailableError('NATS is unavailable.');
    return this.nats;
  }

  /**
   * Tries the account of this process. A server that is unavailable may come later, one that refuses the account does so for ever.
   *
   * @throws StartError when the server refuses the account
   */
  async expectAccount(): Promise<void> {
    try {
      await (await connect({ ...this.server, reconnect: false })).close();
    } catch (error) {
      if (!(error instanceof AuthorizationError)) return;
      const place = this.options.url.replace(/[^/]*@/g, ''); // without a password
      throw new StartError(
        `NATS at ${place} refused the account: correct NATS_USER and NATS_PASSWORD, NATS_TOKEN or NATS_CREDENTIALS.`,
      );
    }
  }

  start(): void {
    void this.open();
  }

  /** Calls `listener` at each (re)connection or disconnection. @returns function that removes the listener */
  on(event: ConnectionEvent, listener: () => void): () => void {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  }

  /**
   * May be called before the first connection. The subscription is renewed at each reconnection.
   *
   * @returns function that ends the subscription, and resolves when the messages on their way have arrived
   */
  subscribe(subject: string, onMessage: (message: Msg) => void, queue?: string): () => Promise<void> {
    let subscription: Subscription | undefined;
    const callback = (error: Error | null, message: Msg) => {
      try {
        if (error) throw error;
        onMessage(message);
      } catch (failure) {
        this.logger.error(failure, `Subscription to ${subject}`);
      }
    };
    const open = (nats: NatsConnection) => void (subscription = nats.subscribe(subject, { queue, callback }));
    if (!this.nats) this.pending.add(open);
    else if (!this.closing) open(this.nats);
    return async () => {
      this.pending.delete(open);
      await subscription?.drain().catch(() => undefined);
    };
  }

  /** Resolves when NATS has received what was published so far. The calls of one turn ask NATS once. */
  flush(): Promise<void> {
    this.flushing ??= Promise.resolve().then(() => {
      this.flushing = undefined;
      return this.connection.flush();
    });
    return this.flushing;
  }

  /** Sends what was published, then closes the connection. */
  async close(): Promise<void> {
    this.closing = true;
    const { nats } = this;
    if (!nats || nats.isClosed()) return;
    const drained = this.connected ? nats.drain().catch(() => undefined) : Promise.resolve();
    await withDeadline(drained, CLOSE_TIMEOUT_MS);
    await nats.close();
  }

  private get server() {
    const { url, user, password, token, credentials, tls } = this.options;
    return {
      servers: url.split(','),
      ...(user && { user, pass: password }),
      ...(token && { token }),
      ...(credentials && { authenticator: credsAuthenticator(Buffer.from(credentials)) }),
      ...(url.startsWith('tls:') && { tls }),
      timeout: CONNECT_TIMEOUT_MS,
    };
  }

  private async open(): Promise<void> {
    try {
      const nats = await connect({
        ...this.server,
        name: this.service,
        inboxPrefix: this.inboxPrefix,
        waitOnFirstConnect: true,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 100,
        ignoreAuthErrorAbort: true,
        pingInterval: PING_INTERVAL_MS,
        maxPingOut: PINGS_UNANSWERED,
        noAsyncTraces: true,
        // Before the first connection there is nothing to close: an error here ends the attempts to connect.
        reconnectToServer: () => {
          if (this.closing) throw new Error('The client was closed');
          return null;
        },
      });
      if (this.closing) return await nats.close();
      this.nats = nats;
      for (const openSubscription of this.pending) openSubscription(nats);
      const watching = this.watch(nats);
      this.setConnected(true);
      await watching;
    } catch (error) {
      if (!this.closing) this.logger.error(error, 'NATS');
    }
  }

  private async watch(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'reconnect') this.setConnected(true);
      else if (status.type === 'error') this.logger.warn(status.error.message);
      else if (DISCONNECTED.includes(status.type)) this.setConnected(false);
    }
  }

  private setConnected(connected: boolean): void {
    if (this.connected === connected || (connected && this.closing)) return;
    this.connected = connected;
    const event: ConnectionEvent = connected ? 'connected' : 'disconnected';
    if (connected) this.logger.log('Connected to NATS');
    else if (!this.closing) this.logger.warn('Disconnected from NATS');
    for (const listener of this.listeners[event]) listener();
  }
}
