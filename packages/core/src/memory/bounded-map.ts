interface Slot<V> {
  value: V;
  weight: number;
  used: boolean;
}

export interface Bounds {
  maxEntries: number;
  /** Of the weights that entries were set with; 1 each by default. */
  maxWeight?: number;
}

/**
 * A map that forgets what was not used for long when it is full (second chance: an entry that was used since it was
 * last considered is passed over once).
 *
 * A `Map` whose used keys are moved to its end would be simpler, but V8 leaves a tombstone for each move, and finding
 * a hot key then means to walk over thousands of its own tombstones.
 */
export class BoundedMap<K, V> {
  private readonly slots = new Map<K, Slot<V>>();
  private readonly maxEntries: number;
  private readonly maxWeight: number;
  private weight = 0;

  constructor(
    { maxEntries, maxWeight = Infinity }: Bounds,
    private readonly onDrop: (value: V) => void = () => undefined,
  ) {
    this.maxEntries = maxEntries;
    this.maxWeight = maxWeight;
  }

  get size(): number {
    return this.slots.size;
  }

  get(key: K): V | undefined {
    const slot = this.slots.get(key);
    if (slot) slot.used = true;
    return slot?.value;
  }

  set(key: K, value: V, weight = 1): void {
    const slot = this.slots.get(key);
    if (slot) {
      this.weight += weight - slot.weight;
      if (slot.value !== value) this.onDrop(slot.value);
      this.slots.set(key, Object.assign(slot, { value, weight, used: true }));
      this.makeRoom(0, 0);
    } else if (weight > this.maxWeight) {
      this.onDrop(value);
    } else {
      this.makeRoom(1, weight);
      this.slots.set(key, { value, weight, used: false });
      this.weight += weight;
    }
  }

  delete(key: K): void {
    const slot = this.slots.get(key);
    if (slot) this.drop(key, slot);
  }

  clear(): void {
    for (const [key, slot] of this.slots) this.drop(key, slot);
  }

  private makeRoom(entries: number, weight: number): void {
    while (this.slots.size + entries > this.maxEntries || this.weight + weight > this.maxWeight) {
      const [key, slot] = this.slots.entries().next().value!;
      if (slot.used) {
        slot.used = false;
        this.slots.delete(key);
        this.slots.set(key, slot);
      } else {
        this.drop(key, slot);
      }
    }
  }

  private drop(key: K, slot: Slot<V>): void {
    this.slots.delete(key);
    this.weight -= slot.weight;
    this.onDrop(slot.value);
  }
}
