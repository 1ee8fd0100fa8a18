/** A process that takes part in broadcasts. */
export interface Member {
  id: string;
  service: string;
  /** Whether it serves requests. */
  ready: boolean;
  /** The topics that it listens to. */
  topics: string[];
}

/** The other processes, known by their heartbeats. Times are of the monotonic clock. */
export class ReplicaMembers {
  private readonly entries = new Map<string, Member & { seenAt: number }>();

  /** @returns whether the process is new */
  add({ id, service, ready, topics }: Member, seenAt: number): boolean {
    const isNew = !this.entries.has(id);
    this.entries.set(id, { id, service, ready, topics, seenAt });
    return isNew;
  }

  remove(id: string): void {
    this.entries.delete(id);
  }

  list(seenSince = -Infinity): Member[] {
    return [...this.entries.values()].filter(({ seenAt }) => seenAt >= seenSince);
  }

  /** The processes without a heartbeat since `seenSince`. */
  silent(seenSince: number): Member[] {
    return [...this.entries.values()].filter(({ seenAt }) => seenAt < seenSince);
  }
}
