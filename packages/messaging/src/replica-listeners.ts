/** Receives the broadcasts of a topic. A message may be delivered more than once. */
export interface ReplicaListener<T = unknown> {
  /** Applies a message to the copy. The next message waits until this one is applied. */
  onMessage(message: T): void | Promise<void>;
  /** Reloads the copy after messages may have been missed. Messages wait until it is done. */
  reload?(): void | Promise<void>;
  /** The listener has no copy in memory: messages may overlap, and a failure does not end the lease. */
  background?: boolean;
}

interface Entry {
  listener: ReplicaListener;
  /** The last queued operation of the listener. Never rejects. */
  tail: Promise<void>;
}

/** The listeners of this process. Each one runs one operation after another. */
export class ReplicaListeners {
  private readonly topics = new Map<string, Set<Entry>>();

  constructor(
    private readonly onFailure: (topic: string, listener: ReplicaListener, error: unknown) => void,
  ) {}

  add(topic: string, listener: ReplicaListener): () => void {
    const entries = this.topics.get(topic) ?? new Set();
    const entry: Entry = { listener, tail: Promise.resolve() };
    this.topics.set(topic, entries.add(entry));
    return () => {
      entries.delete(entry);
      if (entries.size === 0) this.topics.delete(topic);
    };
  }

  get names(): string[] {
    return [...this.topics.keys()];
  }

  /** Resolves when every listener has applied each message or has failed. */
  async deliver(topic: string, messages: unknown[]): Promise<void> {
    const apply = async ({ listener }: Entry, message: unknown) => {
      try {
        await listener.onMessage(message);
      } catch (error) {
        this.onFailure(topic, listener, error);
      }
    };
    const enqueue = (entry: Entry, message: unknown) =>
      entry.listener.background
        ? apply(entry, message)
        : (entry.tail = entry.tail.then(() => apply(entry, message)));
    const entries = [...(this.topics.get(topic) ?? [])];
    await Promise.all(messages.flatMap((message) => entries.map((entry) => enqueue(entry, message))));
  }

  /** Reloads every copy; rejects when one of them fails. */
  async reload(): Promise<void> {
    await Promise.all(
      this.copies().map((entry) => {
        const reloaded = entry.tail.then(() => entry.listener.reload?.());
        entry.tail = reloaded.catch(() => undefined);
        return reloaded;
      }),
    );
  }

  /** Resolves when all messages that have arrived so far are applied to the copies. */
  async settled(): Promise<void> {
    await Promise.all(this.copies().map((entry) => entry.tail));
  }

  private copies(): Entry[] {
    return [...this.topics.values()]
      .flatMap((entries) => [...entries])
      .filter(({ listener }) => !listener.background);
  }
}
