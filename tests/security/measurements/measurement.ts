/** A measured value and its limit. */
export interface Measurement {
  what: string;
  actual: string;
  limit: string;
  ok: boolean;
}

export const rounded = (value: number, digits = 1) => value.toFixed(digits);
