/** Places that are taken for a while. Whoever finds none free waits in line until one is given back. */
export class Places {
  taken = 0;
  private readonly line = new Set<() => void>();

  release(): void {
    this.taken -= 1;
    this.callNext();
  }

  /** Who was called and leaves without a place calls the next one. */
  callNext(): void {
    const [next] = this.line;
    next?.();
  }

  /** Resolves to whether its turn came before the time was up. */
  turn(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (isCalled: boolean) => {
        clearTimeout(timer);
        this.line.delete(call);
        resolve(isCalled);
      };
      const call = () => leave(true);
      const timer = setTimeout(leave, timeoutMs, false);
      this.line.add(call);
    });
  }
}

/** Places by key, kept for as long as somebody needs them. */
export class KeyedPlaces {
  private readonly places = new Map<string, { places: Places; visitors: number }>();

  async with<T>(key: string, work: (places: Places) => Promise<T>): Promise<T> {
    const entry = this.places.get(key) ?? { places: new Places(), visitors: 0 };
    this.places.set(key, entry);
    entry.visitors += 1;
    try {
      return await work(entry.places);
    } finally {
      entry.visitors -= 1;
      if (entry.visitors === 0) this.places.delete(key);
    }
  }
}
