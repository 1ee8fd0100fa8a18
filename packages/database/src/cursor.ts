import { createHash } from 'node:crypto';
import { INT4, isUuid } from '@repo/contracts';
import { InvalidInputError } from '@repo/core';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

const isText = (value: any) => typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value);

/** Whether a value is valid in a cursor, by the column type. */
const VALID: Record<string, (value: any) => boolean> = {
  int: (value) => Number.isInteger(value) && value >= INT4.min && value <= INT4.max,
  text: isText,
  varchar: isText,
  uuid: (value) => typeof value === 'string' && isUuid(value),
  // Milliseconds of the years 1 to 9999, which PostgreSQL and JavaScript format alike.
  timestamptz: (value) =>
    Number.isInteger(value) && value >= -62_135_596_800_000 && value <= 253_402_300_799_999,
};

/**
 * Encodes a position in a list as text: the sort columns of the last row, and a hash of the query, because
 * the position is valid with the same filters and sort only.
 */
export class Cursor {
  private readonly queryHash: string;

  constructor(
    private readonly columns: ColumnMetadata[],
    query: unknown,
  ) {
    for (const { type, propertyPath } of columns)
      if (!VALID[String(type)])
        throw new Error(`Lists cannot be sorted by ${propertyPath}: add ${String(type)} to cursor.ts`);
    const hash = createHash('sha256').update(JSON.stringify(query));
    this.queryHash = hash.digest('base64url').slice(0, 11);
  }

  encode(row: object): string {
    const values = this.columns.map((column) => {
      const value: unknown = column.getEntityValue(row);
      return value instanceof Date ? value.getTime() : value;
    });
    return Buffer.from(JSON.stringify([this.queryHash, ...values])).toString('base64url');
  }

  /** @throws InvalidInputError when the cursor is not one of this list */
  decode(cursor: string): unknown[] {
    const [queryHash, ...values] = parse(cursor);
    const valid = this.columns.every((column, index) => isValid(column, values[index]));
    if (queryHash !== this.queryHash || values.length !== this.columns.length || !valid)
      throw new InvalidInputError({
        loc: ['query', 'cursor'],
        type: 'value_error',
        msg: 'Take the cursor from next_cursor of the page before, and keep filters and sort as they were',
      });
    return this.columns.map(({ type }, index) => {
      const value = values[index];
      return type === 'timestamptz' && value !== null ? new Date(value as number) : value;
    });
  }
}

function isValid({ type, isNullable }: ColumnMetadata, value: unknown): boolean {
  return value === null ? isNullable : VALID[String(type)]!(value);
}

function parse(cursor: string): unknown[] {
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    const parsed: unknown = JSON.parse(bytes.toString());
    return bytes.toString('base64url') === cursor && Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
