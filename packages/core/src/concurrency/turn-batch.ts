/** Further items of one turn are another batch. */
const MAX_ITEMS = 100;

/** Gathers the items of one turn of the event loop, and processes them together. */
export class TurnBatch<T> {
  private gathering?: { items: T[]; processed: Promise<void> };

  constructor(private readonly process: (items: T[]) => Promise<void>) {}

  /** Settles as the processing of the batch with this item does. */
  add(item: T): Promise<void> {
    if (!this.gathering || this.gathering.items.length >= MAX_ITEMS) this.gathering = this.start();
    this.gathering.items.push(item);
    return this.gathering.processed;
  }

  private start() {
    const items: T[] = [];
    const endOfTurn = new Promise<void>((resolve) => setImmediate(resolve));
    const processed = endOfTurn.then(() => {
      if (this.gathering?.items === items) this.gathering = undefined;
      return this.process(items);
    });
    return { items, processed };
  }
}
