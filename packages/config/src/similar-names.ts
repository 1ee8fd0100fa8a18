const MAX_EDITS = 2;
/** Shorter names are similar to others by chance: HOST to HOME, TAG to LANG. */
const MIN_LENGTH = 8;

export interface SimilarName {
  name: string;
  /** The known name that is probably meant. */
  nearest: string;
}

/** The names that differ from a known one by at most two edits: by mistake, one may suppose. */
export function similarNames(names: string[], known: string[]): SimilarName[] {
  const isKnown = new Set(known);
  const unknown = names.filter((name) => name.length >= MIN_LENGTH && !isKnown.has(name));
  return unknown.flatMap((name) => {
    const nearest = nearestOf(name, known);
    return nearest && editsBetween(name, nearest) <= MAX_EDITS ? { name, nearest } : [];
  });
}

/** The known name that needs the fewest edits. */
export function nearestOf(name: string, known: string[]): string | undefined {
  const edits = new Map(known.map((one) => [one, editsBetween(name, one)]));
  return known.toSorted((a, b) => edits.get(a)! - edits.get(b)!)[0];
}

/** The Levenshtein distance: characters to insert, remove or replace. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(character !== other)));
    row = next;
  }
  return row.at(-1)!;
}
