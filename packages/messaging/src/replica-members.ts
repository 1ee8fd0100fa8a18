/** A process that takes part. */
export interface Member {
  id: string;
  service: string;
  /** Whether it serves requests. */
  ready: boolean;
  /** What it listens to. */
  topics: string[];
}

interface Entry extends Member {
  heardAt: number;
}

/** Who has been heard of lately. */
export class ReplicaMembers {
  private readonly entries = new Map<string, Entry>();

  /** Returns whether it is new. */
  heard({ id, service, ready, topics }: Member, at: number): boolean {
    const isNew = !this.entries.has(id);
    this.entries.set(id, { id, service, ready, topics, heardAt: at });
    return isNew;
  }

  remove(id: string): void {
    this.entries.delete(id);
  }

  /** Drops who has not been heard since then, and names them. */
  expire(before: number): string[] {
    const expired = [...this.entries.values()].filter(({ heardAt }) => heardAt < before).map(({ id }) => id);
    for (const id of expired) this.entries.delete(id);
    return expired;
  }

  listeningTo(topic: string, heardSince: number): string[] {
    return [...this.entries.values()]
      .filter(({ topics, heardAt }) => heardAt >= heardSince && topics.includes(topic))
      .map(({ id }) => id);
  }

  list(): Member[] {
    return [...this.entries.values()];
  }
}
