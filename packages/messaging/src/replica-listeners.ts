/** Hears what replicas tell each other about a topic. A message may come more than once. */
export interface ReplicaListener<T = unknown> {
  /** Applies a message; the next one waits until this one is applied. */
  onMessage(message: T): void | Promise<void>;
  /** Reads the copy anew: messages may have been missed. Messages wait until it is done. */
  reload?(): void | Promise<void>;
  /**
   * Not a copy in memory but work in a database of its own: messages may overlap, and a slow or failed one costs
   * this process no trust in its copies.
   */
  background?: boolean;
}

interface Entry {
  listener: ReplicaListener;
  /** The last thing in line. Never rejects. */
  tail: Promise<void>;
}

/** The listeners of this process, each of which does one thing after another. */
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

  /** Resolves when every listener has applied the message, or failed to. */
  async deliver(topic: string, message: unknown): Promise<void> {
    const entries = [...(this.topics.get(topic) ?? [])];
    await Promise.all(
      entries.map(async (entry) => {
        const { listener } = entry;
        const apply = async () => {
          try {
            await listener.onMessage(message);
          } catch (error) {
            this.onFailure(topic, listener, error);
          }
        };
        if (listener.background) return apply();
        return (entry.tail = entry.tail.then(apply));
      }),
    );
  }

  /** Reads every copy anew; rejects when one could not be read. */
  async reload(): Promise<void> {
    await Promise.all(
      this.copies().map((entry) => {
        const reloaded = entry.tail.then(() => entry.listener.reload?.());
        entry.tail = reloaded.catch(() => undefined);
        return reloaded;
      }),
    );
  }

  /** Resolves when everything that has arrived for the copies so far is applied. */
  async settled(): Promise<void> {
    await Promise.all(this.copies().map((entry) => entry.tail));
  }

  private copies(): Entry[] {
    return [...this.topics.values()]
      .flatMap((entries) => [...entries])
      .filter(({ listener }) => !listener.background);
  }
}
