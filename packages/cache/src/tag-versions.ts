/** The version of a tag in memory, from its first use until the tag is invalidated. */
export interface TagVersion {
  readonly tag: string;
  stale: boolean;
  references: number;
}

/**
 * The current versions of all tags that are in use. Entries and loads refer to the versions with which they
 * began. Invalidating a tag marks one version as stale, regardless of the number of entries.
 */
export class TagVersions {
  private readonly versions = new Map<string, TagVersion>();

  get size(): number {
    return this.versions.size;
  }

  acquire(tags: readonly string[]): TagVersion[] {
    return tags.map((tag) => {
      const version = this.versions.get(tag) ?? { tag, stale: false, references: 0 };
      version.references += 1;
      this.versions.set(tag, version);
      return version;
    });
  }

  release(versions: readonly TagVersion[]): void {
    for (const version of versions) {
      version.references -= 1;
      if (version.references === 0 && !version.stale) this.versions.delete(version.tag);
    }
  }

  invalidate(tag: string): void {
    const version = this.versions.get(tag);
    if (version) version.stale = true;
    this.versions.delete(tag);
  }

  invalidateAll(): void {
    for (const version of this.versions.values()) version.stale = true;
    this.versions.clear();
  }
}

export function areCurrent(versions: readonly TagVersion[]): boolean {
  return versions.every(({ stale }) => !stale);
}
