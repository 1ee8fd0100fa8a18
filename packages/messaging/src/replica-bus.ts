import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { Lease } from './lease.js';
import type { NatsClient, NatsSubscription } from './nats-client.js';
import { PendingBroadcast } from './pending-broadcast.js';
import { type ReplicaListener, ReplicaListeners } from './replica-listeners.js';
import { type Member, ReplicaMembers } from './replica-members.js';

/** How long a process trusts its copies after a sign that it hears everything. */
export const LEASE_MS = 1_000;
const HEARTBEAT_MS = 300;
/** For what a message takes on its way, and for clocks that do not run alike. */
const MARGIN_MS = 200;
const JOIN_RETRY_MS = 250;

interface Heartbeat extends Member {
  /** Which of its heartbeats it is, and since which joining. */
  beat: number;
  epoch: number;
}

/**
 * Keeps copies in the memory of many processes coherent: **a read that starts after `broadcast()` has resolved sees
 * the change, or does not use the copy.** Why that holds:
 *
 * - NATS hands a process its messages in the order in which it took them in. A process extends its lease only when
 *   its own heartbeat comes back, only to LEASE after that heartbeat was *sent*, and only when everything that
 *   arrived before it is applied. So while the lease runs, whatever NATS took in before that heartbeat is applied.
 * - `broadcast` waits, from when NATS has surely taken the message in, for an acknowledgement of every listener, or
 *   for LEASE and a margin. Whoever has not applied the message by then has no lease that reaches so far.
 * - A lease that ran out, a lost connection, or a message that could not be applied is followed by a reload of every
 *   copy before there is trust again; what was written before the broadcast is in what the reload reads.
 * - A process that joins is not leaseValid by itself before its second heartbeat came back. By then everybody has the
 *   first, and waits for it. A process that has just connected itself waits until it must have heard of everybody.
 *
 * One gap is left: a writer that is cut off from NATS alone can tell nobody. It waits as long as the others' leases
 * would last if NATS were away, and makes everybody reload once it is back.
 */
export class ReplicaBus {
  readonly id = randomUUID();
  private readonly logger = new Logger(ReplicaBus.name);
  private readonly lease = new Lease(LEASE_MS);
  private readonly others = new ReplicaMembers();
  private readonly listeners = new ReplicaListeners((topic, listener, error) =>
    this.failed(topic, listener, error),
  );
  private readonly subscriptions = new Map<string, NatsSubscription>();
  private readonly broadcasts = new Map<string, PendingBroadcast>();
  private readonly beats = new Map<number, { sentAt: number; returned: () => void }>();
  private readonly trustWaiters = new Set<() => void>();
  private epoch = 0;
  private beatCount = 0;
  private broadcastCount = 0;
  private lastEchoAt = -Infinity;
  private lostAt = Infinity;
  private everybodyKnownAt = Infinity;
  private owesReload = false;
  private ready = false;
  private running = false;
  private timer?: NodeJS.Timeout;
  private stopWatching: (() => void)[] = [];

  constructor(
    private readonly nats: NatsClient,
    private readonly service: string,
  ) {}

  /** Whether copies in memory may be used at this moment. Ask at each use. */
  get leaseValid(): boolean {
    return this.lease.holds(performance.now());
  }

  /** Whether there was trust within this time. */
  async whenLeaseValid(timeoutMs: number): Promise<boolean> {
    if (this.leaseValid) return true;
    const timeout = new AbortController();
    let granted!: () => void;
    const trust = new Promise<void>((resolve) => this.trustWaiters.add((granted = resolve)));
    await Promise.race([
      trust,
      delay(timeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    this.trustWaiters.delete(granted);
    return this.leaseValid;
  }

  /** Everybody who has been heard of lately, this process among them. */
  members(): Member[] {
    return [this.self(), ...this.others.list()];
  }

  /** Tells the others whether this process serves requests. */
  setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    if (this.running && this.nats.connected) this.sendBeat();
  }

  /** Returns how to stop listening. */
  listen<T>(topic: string, listener: ReplicaListener<T>): () => void {
    const remove = this.listeners.add(topic, listener as ReplicaListener);
    if (!this.subscriptions.has(topic)) {
      const onMessage = (message: Msg) => this.receive(topic, message);
      this.subscriptions.set(topic, this.nats.subscribe(`replicas.topic.${topic}`, { onMessage }));
    }
    // Latecomers: the others have to know of the topic before this process trusts the new copy.
    if (this.running && !listener.background) void this.join();
    return () => {
      remove();
      if (this.listeners.names.includes(topic)) return;
      void this.subscriptions
        .get(topic)
        ?.drain()
        .catch(() => undefined);
      this.subscriptions.delete(topic);
    };
  }

  /**
   * Tells every process that listens to `topic`, this one included. Resolves when they have applied it or stopped
   * trusting their copies: at most LEASE and a margin after NATS took it in. Never rejects. Call it after the commit.
   */
  async broadcast(topic: string, message: unknown): Promise<void> {
    const name = String(++this.broadcastCount);
    const broadcast = new PendingBroadcast(
      topic,
      JSON.stringify({ from: this.id, message }),
      this.patience(),
    );
    this.broadcasts.set(name, broadcast);
    void this.send(name, broadcast);
    await Promise.race([
      Promise.all([this.listeners.deliver(topic, message), broadcast.acknowledged]),
      broadcast.timeUp,
    ]);
    broadcast.close();
    this.broadcasts.delete(name);
    if (!broadcast.taken) this.owesReload = true;
  }

  start(): void {
    this.running = true;
    this.nats.subscribe('replicas.heartbeat', {
      onMessage: (message) => this.onHeartbeat(message.json<Heartbeat>()),
    });
    this.nats.subscribe('replicas.leave', { onMessage: (message) => this.gone(message.string()) });
    this.nats.subscribe('replicas.reload', {
      onMessage: (message) => void (message.string() !== this.id && this.join()),
    });
    this.nats.subscribe(`${this.ackPrefix}.*`, { onMessage: (message) => this.onAck(message) });
    this.stopWatching = [
      this.nats.onConnected(() => this.onConnected()),
      this.nats.onLost(() => (this.lostAt = performance.now())),
    ];
    this.timer = setInterval(() => this.nats.connected && this.sendBeat(), HEARTBEAT_MS).unref();
  }

  /** Leaves: nobody waits for this process any more. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.epoch += 1;
    this.lease.end();
    clearInterval(this.timer);
    for (const stop of this.stopWatching) stop();
    if (this.nats.connected) this.nats.publish('replicas.leave', this.id);
  }

  private get ackPrefix(): string {
    return `${this.nats.inboxPrefix}.replicas.${this.id}`;
  }

  private self(): Member {
    return { id: this.id, service: this.service, ready: this.ready, topics: this.listeners.names };
  }

  private onConnected(): void {
    this.lostAt = Infinity;
    this.everybodyKnownAt = Infinity;
    if (this.owesReload) this.nats.publish('replicas.reload', this.id);
    this.owesReload = false;
    void this.join();
    for (const [name, broadcast] of this.broadcasts) void this.send(name, broadcast);
  }

  /** Becomes known to everybody, then reads all copies anew, then trusts them. */
  private async join(): Promise<void> {
    const epoch = ++this.epoch;
    this.lease.end();
    while (epoch === this.epoch && this.running && this.nats.connected) {
      try {
        await this.echo();
        if (this.everybodyKnownAt === Infinity)
          this.everybodyKnownAt = performance.now() + LEASE_MS + MARGIN_MS;
        await Promise.all([this.echo(), this.listeners.reload()]);
        await this.listeners.settled();
        if (epoch !== this.epoch) return;
        this.lease.begin();
        await this.echo();
        return;
      } catch (error) {
        if (epoch !== this.epoch) return;
        this.logger.warn(`The copies in memory cannot be leaseValid yet: ${String(error)}`);
        await delay(JOIN_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** Sends a heartbeat and waits until it has come back. */
  private async echo(): Promise<void> {
    const beat = this.sendBeat();
    const overdue = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => (this.beats.get(beat)!.returned = resolve)),
      delay(LEASE_MS, undefined, { signal: overdue.signal, ref: false }).then(() => {
        throw new Error('NATS does not answer');
      }),
    ]).finally(() => overdue.abort());
  }

  private sendBeat(): number {
    const beat = ++this.beatCount;
    const now = performance.now();
    for (const [number, { sentAt }] of this.beats) if (now - sentAt > LEASE_MS) this.beats.delete(number);
    this.beats.set(beat, { sentAt: now, returned: () => undefined });
    this.nats.publish(
      'replicas.heartbeat',
      JSON.stringify({ ...this.self(), beat, epoch: this.epoch } satisfies Heartbeat),
    );
    return beat;
  }

  private onHeartbeat(heartbeat: Heartbeat): void {
    if (heartbeat.id !== this.id) return this.onOther(heartbeat);
    const { beat, epoch } = heartbeat;
    const sent = this.beats.get(beat);
    if (!sent) return;
    this.beats.delete(beat);
    this.lastEchoAt = performance.now();
    // Everything that came in before this echo has been seen: who is silent for that long is gone, not merely unread.
    for (const id of this.others.expire(sent.sentAt - LEASE_MS - MARGIN_MS)) this.gone(id);
    void this.listeners.settled().then(() => {
      if (epoch === this.epoch) this.extendLease(sent.sentAt);
      sent.returned();
    });
  }

  private onOther(member: Member): void {
    const isNew = this.others.heard(member, performance.now());
    // A newcomer learns at once who is there.
    if (isNew && this.nats.connected) this.sendBeat();
  }

  private extendLease(sentAt: number): void {
    const outcome = this.lease.extend(sentAt, performance.now());
    if (outcome === 'lapsed') void this.join();
    if (outcome === 'extended' && this.leaseValid) for (const granted of this.trustWaiters) granted();
  }

  /** How long a broadcast waits if NATS does not take it: until nobody can have a lease if NATS is away. */
  private patience(): number {
    const now = performance.now();
    const lastBeatAt = Math.min(this.lastEchoAt + HEARTBEAT_MS, this.lostAt);
    const silenceEndsAt = lastBeatAt + LEASE_MS + MARGIN_MS;
    return Math.max(0, Math.min(LEASE_MS + MARGIN_MS, silenceEndsAt - now));
  }

  private async send(name: string, broadcast: PendingBroadcast): Promise<void> {
    if (!this.nats.connected) return;
    try {
      const { connection } = this.nats;
      connection.publish(`replicas.topic.${broadcast.topic}`, broadcast.payload, {
        reply: `${this.ackPrefix}.${name}`,
      });
      await connection.flush();
      broadcast.takenIn(LEASE_MS + MARGIN_MS);
      const unknownFor = this.everybodyKnownAt - performance.now();
      if (unknownFor > 0) await delay(Math.min(unknownFor, LEASE_MS + MARGIN_MS), undefined, { ref: false });
      const heardSince = performance.now() - LEASE_MS - MARGIN_MS;
      broadcast.expect(this.others.listeningTo(broadcast.topic, heardSince));
    } catch {
      // The connection was lost: it is sent again at the next one, if that comes in time.
    }
  }

  private onAck(message: Msg): void {
    const name = message.subject.slice(this.ackPrefix.length + 1);
    this.broadcasts.get(name)?.acknowledge(message.string());
  }

  private gone(id: string): void {
    this.others.remove(id);
    for (const broadcast of this.broadcasts.values()) broadcast.acknowledge(id);
  }

  private receive(topic: string, message: Msg): void {
    const { from, message: content } = message.json<{ from: string; message: unknown }>();
    if (from === this.id) return;
    void this.listeners.deliver(topic, content).then(() => {
      if (this.nats.connected) message.respond(this.id);
    });
  }

  private failed(topic: string, listener: ReplicaListener, error: unknown): void {
    this.logger.error(error, `A message of ${topic} could not be applied`);
    if (!listener.background) void this.join();
  }
}
