// @ts-check

/**
 * Measures all subjects in turn, round after round: when the speed of the machine changes, it changes for all alike.
 * The first round warms up and does not count. What is answered is the median figure of each subject, and the median
 * of its ratios to the first subject within a round.
 *
 * @template T
 * @param {{ name: string, measure: () => Promise<T> }[]} subjects
 * @param {{ rounds: number, figure: (measured: T) => number }} options
 * @returns {Promise<{ name: string, measured: T, figure: number, ratio: number }[]>}  `measured`: of the median round
 */
export async function compare(subjects, { rounds, figure }) {
  /** @type {T[][]} */
  const results = [];
  for (let round = 0; round <= rounds; round++) {
    /** @type {T[]} */
    const measured = [];
    for (const { measure } of subjects) measured.push(await measure());
    if (round > 0) results.push(measured);
  }
  return subjects.map(({ name }, index) => {
    const ofSubject = results.map((round) => round[index]).toSorted((a, b) => figure(a) - figure(b));
    const measured = ofSubject[Math.floor(ofSubject.length / 2)];
    const ratio = median(results.map((round) => figure(round[index]) / figure(round[0])));
    return { name, measured, figure: figure(measured), ratio };
  });
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Three digits that mean something. @param {number} value */
export function rounded(value) {
  return Number(value.toPrecision(3));
}
