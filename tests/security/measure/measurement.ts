/** Something that was measured, against what it has to be. */
export interface Measurement {
  what: string;
  seen: string;
  right: string;
  ok: boolean;
}

export const rounded = (value: number, digits = 1) => value.toFixed(digits);
