import type { ReplicaBus } from '../index.js';

type Listener = Parameters<ReplicaBus['listen']>[1];

/** The replicas of a test, in one process. */
export class MemoryNetwork {
  readonly replicas = new Set<MemoryBus>();

  join(): MemoryBus {
    const bus = new MemoryBus(this);
    this.replicas.add(bus);
    return bus;
  }
}

/** A `ReplicaBus` without a server, which a test can disconnect. */
export class MemoryBus implements Pick<ReplicaBus, 'leaseValid' | 'listen' | 'broadcast'> {
  leaseValid = true;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly network: MemoryNetwork) {}

  listen(topic: string, listener: Listener): () => void {
    const listeners = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async broadcast(topic: string, message: unknown): Promise<void> {
    const connected = [...this.network.replicas].filter((replica) => replica === this || replica.leaseValid);
    await Promise.all(connected.map((replica) => replica.deliver(topic, structuredClone(message))));
  }

  /** Ends the lease. From now on this replica receives no messages of others. */
  disconnect(): void {
    this.leaseValid = false;
  }

  async reconnect(): Promise<void> {
    const all = [...this.listeners.values()].flatMap((listeners) => [...listeners]);
    await Promise.all(all.map(async (listener) => listener.reload?.()));
    this.leaseValid = true;
  }

  private async deliver(topic: string, message: unknown): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const listeners = [...(this.listeners.get(topic) ?? [])];
    await Promise.all(listeners.map(async (listener) => listener.onMessage(message)));
  }
}
