/** The state of one tag between two invalidations of it. */
export interface TagCell {
  readonly tag: string;
  stale: boolean;
  references: number;
}

/**
 * What is kept in memory under tags points to their cells. To invalidate a tag is to mark its one cell, however much
 * points to it; whoever holds a stale cell finds out by looking. Cells that nothing points to are dropped.
 */
export class TagCells {
  private readonly cells = new Map<string, TagCell>();

  get size(): number {
    return this.cells.size;
  }

  acquire(tags: readonly string[]): TagCell[] {
    return tags.map((tag) => {
      let cell = this.cells.get(tag);
      if (!cell) this.cells.set(tag, (cell = { tag, stale: false, references: 0 }));
      cell.references += 1;
      return cell;
    });
  }

  release(cells: readonly TagCell[]): void {
    for (const cell of cells) {
      cell.references -= 1;
      if (cell.references === 0 && !cell.stale) this.cells.delete(cell.tag);
    }
  }

  invalidate(tag: string): void {
    const cell = this.cells.get(tag);
    if (!cell) return;
    cell.stale = true;
    this.cells.delete(tag);
  }

  invalidateAll(): void {
    for (const cell of this.cells.values()) cell.stale = true;
    this.cells.clear();
  }
}

/** Whether nothing that the cells stand for was invalidated since they were acquired. */
export function areFresh(cells: readonly TagCell[]): boolean {
  return cells.every((cell) => !cell.stale);
}
