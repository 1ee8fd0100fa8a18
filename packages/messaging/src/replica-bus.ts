import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { TurnBatch, until, withDeadline } from '@repo/core';
import { Lease } from './lease.js';
import { NatsClient } from './nats-client.js';
import { PendingBroadcast } from './pending-broadcast.js';
import { type ReplicaListener, ReplicaListeners } from './replica-listeners.js';

/** Duration of the lease, from when its heartbeat was sent. */
export const LEASE_MS = 1_000;
const HEARTBEAT_MS = 300;
/** The lease, and a margin for transport and for clocks of different speed. */
const LEASE_END_MS = LEASE_MS + 200;
const JOIN_RETRY_MS = 250;

/** A process that takes part in broadcasts. */
export interface Member {
  id: string;
  service: string;
  ready: boolean;
  topics: string[];
}

interface Heartbeat extends Member {
  sequence: number;
  generation: number;
}

type Broadcast = { topic: string; message: unknown };

interface SentHeartbeat {
  sentAt: number;
  returned: PromiseWithResolvers<void>;
}

/**
 * Keeps copies in the memory of several processes correct: a read that starts after `broadcast()` has
 * resolved sees the change, or does not use the copy.
 *
 * 1. NATS delivers messages to a process in the order in which it received them. A process extends its lease
 *    when its own heartbeat comes back and all messages before it are applied, until LEASE_MS after the
 *    heartbeat was sent. So while the lease is valid, all messages that NATS received before that heartbeat
 *    are applied.
 * 2. `broadcast()` waits for an acknowledgement of each listening process, at most LEASE_END_MS from when
 *    NATS has received the message. The lease of a process that has not applied it by then has expired.
 * 3. After an expired lease, a lost connection or a message that could not be applied, a process reloads all
 *    copies before its lease becomes valid again. The reload reads what was committed before the broadcast.
 * 4. The lease of a new process becomes valid after its second heartbeat. By then every process has received
 *    the first one, and waits for the new process. A process that has just connected does not know the
 *    others: its broadcasts wait until it must have received a heartbeat of each (membership known).
 *
 * Limitation: a writer that alone has lost its connection cannot reach the others. Its broadcasts wait as
 * long as leases would last if NATS was unavailable for all. After it has reconnected, all processes reload
 * (resync).
 */
@Injectable()
export class ReplicaBus {
  readonly id = randomUUID();
  private readonly logger = new Logger(ReplicaBus.name);
  private readonly lease = new Lease(LEASE_MS);
  private readonly others = new Map<string, Member & { seenAt: number }>();
  private readonly listeners = new ReplicaListeners((topic, listener, error) => {
    this.logger.error(error, `A message of ${topic} could not be applied`);
    if (!listener.background) void this.join();
  });
  private readonly subscribed = new Set<string>();
  private readonly turn = new TurnBatch<Broadcast>((broadcasts) => this.broadcastAll(broadcasts));
  private readonly broadcasts = new Map<string, PendingBroadcast>();
  private readonly heartbeats = new Map<number, SentHeartbeat>();
  /** Number of the current join. Heartbeats of earlier joins do not extend the lease. */
  private generation = 0;
  private heartbeatCount = 0;
  private broadcastCount = 0;
  private lastReturnedAt = -Infinity;
  private disconnectedAt = Infinity;
  private membershipKnownAt = Infinity;
  /** NATS did not receive a broadcast of this process: all processes must reload. */
  private needsResync = false;
  private ready = false;
  private running = false;
  private timer?: NodeJS.Timeout;

  constructor(private readonly nats: NatsClient) {}

  /** Whether copies in memory may be used now. Read it at each use. */
  get leaseValid(): boolean {
    return this.lease.isValid(performance.now());
  }

  /** Waits until the lease is valid. @returns false when it is not valid after `timeoutMs` */
  whenLeaseValid(timeoutMs: number): Promise<boolean> {
    return until(() => this.leaseValid, timeoutMs);
  }

  /** All live processes, including this one. */
  members(): Member[] {
    return [this.self(), ...this.others.values()];
  }

  setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    if (this.running && this.nats.connected) void this.sendHeartbeat();
  }

  /** @returns function that removes the listener */
  listen<T>(topic: string, listener: ReplicaListener<T>): () => void {
    const remove = this.listeners.add(topic, listener as ReplicaListener);
    if (!this.subscribed.has(topic)) {
      const onMessage = (message: Msg) => this.onBroadcast(topic, message);
      this.nats.subscribe(`replicas.topic.${topic}`, onMessage);
      this.subscribed.add(topic);
    }
    // The other processes must know the topic before this one uses the new copy.
    if (this.running && !listener.background) void this.join();
    return remove;
  }

  /**
   * Sends a message to every process that listens to `topic`, including this one. Call it after the commit.
   * Resolves when each has applied the message or has no valid lease. Never rejects.
   */
  broadcast(topic: string, message: unknown): Promise<void> {
    return this.turn.add({ topic, message });
  }

  start(): void {
    this.running = true;
    this.nats.subscribe('replicas.heartbeat', (message) => this.onHeartbeat(message.json<Heartbeat>()));
    this.nats.subscribe('replicas.leave', (message) => this.onLeave(message.string()));
    this.nats.subscribe('replicas.reload', (message) => {
      if (message.string() !== this.id) void this.join();
    });
    this.nats.subscribe(`${this.ackPrefix}.*`, (message) => this.onAck(message));
    this.nats.on('connected', () => this.onConnected());
    this.nats.on('disconnected', () => (this.disconnectedAt = performance.now()));
    if (this.nats.connected) this.onConnected();
    this.timer = setInterval(() => this.nats.connected && void this.sendHeartbeat(), HEARTBEAT_MS).unref();
  }

  /** Leaves: the broadcasts of other processes no longer wait for this one. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.generation += 1;
    this.lease.end();
    clearInterval(this.timer);
    for (const { returned } of this.heartbeats.values()) returned.resolve();
    if (this.nats.connected) this.nats.connection.publish('replicas.leave', this.id);
  }

  private async broadcastAll(broadcasts: Broadcast[]): Promise<void> {
    const topics = Map.groupBy(broadcasts, ({ topic }) => topic);
    const messages = [...topics].map(([topic, all]) => [topic, all.map(({ message }) => message)] as const);
    await Promise.all(messages.map(([topic, all]) => this.broadcastTopic(topic, all)));
  }

  private async broadcastTopic(topic: string, messages: unknown[]): Promise<void> {
    const name = String(++this.broadcastCount);
    const payload = JSON.stringify({ from: this.id, messages });
    const broadcast = new PendingBroadcast(topic, payload, this.unreceivedTimeoutMs());
    this.broadcasts.set(name, broadcast);
    void this.send(name, broadcast);
    await broadcast.done(this.listeners.deliver(topic, messages));
    this.broadcasts.delete(name);
    if (!broadcast.received) this.needsResync = true;
  }

  private get ackPrefix(): string {
    return `${this.nats.inboxPrefix}.replicas.${this.id}`;
  }

  private self(): Member {
    return { id: this.id, service: this.nats.service, ready: this.ready, topics: this.listeners.names };
  }

  private onConnected(): void {
    this.disconnectedAt = Infinity;
    this.membershipKnownAt = Infinity;
    if (this.needsResync) this.nats.connection.publish('replicas.reload', this.id);
    this.needsResync = false;
    void this.join();
    for (const [name, broadcast] of this.broadcasts) void this.send(name, broadcast);
  }

  /** Sends the first heartbeat, reloads all copies, then starts the lease: steps 3 and 4. */
  private async join(): Promise<void> {
    const generation = ++this.generation;
    this.lease.end();
    while (generation === this.generation && this.running && this.nats.connected) {
      try {
        await this.heartbeatReturns();
        this.membershipKnownAt = Math.min(this.membershipKnownAt, performance.now() + LEASE_END_MS);
        await Promise.all([this.heartbeatReturns(), this.listeners.reload()]);
        await this.listeners.settled();
        if (generation !== this.generation) return;
        this.lease.begin();
        await this.heartbeatReturns();
        return;
      } catch (error) {
        if (generation !== this.generation) return;
        this.logger.warn(`Copies in memory cannot be used: ${String(error)}`);
        await delay(JOIN_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private async heartbeatReturns(): Promise<void> {
    if (!this.running) throw new Error('This process leaves');
    const returned = this.sendHeartbeat().then(() => true);
    if (!(await withDeadline(returned, LEASE_MS))) throw new Error('NATS does not respond');
  }

  /** Resolves when the heartbeat has come back and the messages before it are applied. */
  private sendHeartbeat(): Promise<void> {
    const sequence = ++this.heartbeatCount;
    const sentAt = performance.now();
    for (const [sent, heartbeat] of this.heartbeats)
      if (sentAt - heartbeat.sentAt > LEASE_MS) this.heartbeats.delete(sent);
    const returned = Promise.withResolvers<void>();
    this.heartbeats.set(sequence, { sentAt, returned });
    const heartbeat: Heartbeat = { ...this.self(), sequence, generation: this.generation };
    this.nats.connection.publish('replicas.heartbeat', JSON.stringify(heartbeat));
    return returned.promise;
  }

  private onHeartbeat(heartbeat: Heartbeat): void {
    if (heartbeat.id !== this.id) {
      // A new process must know the others soon.
      if (!this.others.has(heartbeat.id) && this.nats.connected) void this.sendHeartbeat();
      const { id, service, ready, topics } = heartbeat;
      this.others.set(id, { id, service, ready, topics, seenAt: performance.now() });
      return;
    }
    const sent = this.heartbeats.get(heartbeat.sequence);
    if (!sent) return;
    this.heartbeats.delete(heartbeat.sequence);
    this.lastReturnedAt = performance.now();
    // All messages before this heartbeat are read, so a process without a heartbeat among them has left.
    for (const { id, seenAt } of this.others.values())
      if (seenAt < sent.sentAt - LEASE_END_MS) this.onLeave(id);
    void this.listeners.settled().then(() => {
      const isCurrent = heartbeat.generation === this.generation;
      if (isCurrent && this.lease.extend(sent.sentAt, performance.now()) === 'expired') void this.join();
      sent.returned.resolve();
    });
  }

  /** Timeout of a broadcast that NATS does not receive: until all leases end if NATS is down for all. */
  private unreceivedTimeoutMs(): number {
    const lastHeartbeatAt = Math.min(this.lastReturnedAt + HEARTBEAT_MS, this.disconnectedAt);
    const leasesEndAt = lastHeartbeatAt + LEASE_END_MS;
    return Math.max(0, Math.min(LEASE_END_MS, leasesEndAt - performance.now()));
  }

  private async send(name: string, broadcast: PendingBroadcast): Promise<void> {
    if (!this.nats.connected) return;
    try {
      const reply = `${this.ackPrefix}.${name}`;
      this.nats.connection.publish(`replicas.topic.${broadcast.topic}`, broadcast.payload, { reply });
      await this.nats.flush();
      broadcast.onReceived(LEASE_END_MS);
      const unknownMs = this.membershipKnownAt - performance.now();
      if (unknownMs > 0) await delay(Math.min(unknownMs, LEASE_END_MS), undefined, { ref: false });
      const liveSince = performance.now() - LEASE_END_MS;
      const listening = [...this.others.values()].filter(
        ({ seenAt, topics }) => seenAt >= liveSince && topics.includes(broadcast.topic),
      );
      broadcast.expect(listening.map(({ id }) => id));
    } catch {
      // The connection was lost. onConnected() sends the message again.
    }
  }

  private onBroadcast(topic: string, message: Msg): void {
    const { from, messages } = message.json<{ from: string; messages: unknown[] }>();
    if (from === this.id || !Array.isArray(messages)) return;
    void this.listeners.deliver(topic, messages).then(() => {
      if (this.nats.connected) message.respond(this.id);
    });
  }

  private onAck(message: Msg): void {
    const name = message.subject.slice(this.ackPrefix.length + 1);
    this.broadcasts.get(name)?.acknowledge(message.string());
  }

  private onLeave(id: string): void {
    this.others.delete(id);
    for (const broadcast of this.broadcasts.values()) broadcast.acknowledge(id);
  }
}
