import { createHash } from 'node:crypto';
import { INT4, isUuid } from '@repo/contracts';
import { InvalidInputError } from '@repo/core';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Encodes the values of a column as JSON. `decode` returns undefined for an invalid value. */
interface Codec {
  encode(value: unknown): unknown;
  decode(value: unknown): unknown;
}

const plain = (isValid: (value: any) => boolean): Codec => ({
  encode: (value) => value,
  decode: (value) => (isValid(value) ? value : undefined),
});
const text = plain((value) => typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value));
/** Years 1 to 9999, which PostgreSQL and JavaScript format alike. */
const isDateTime = (value: any) =>
  Number.isInteger(value) && value >= -62_135_596_800_000 && value <= 253_402_300_799_999;

/** By the column types of entities. */
const CODECS: Record<string, Codec> = {
  int: plain((value) => Number.isInteger(value) && value >= INT4.min && value <= INT4.max),
  text,
  varchar: text,
  uuid: plain((value) => typeof value === 'string' && isUuid(value)),
  timestamptz: {
    encode: (value) => (value as Date).getTime(),
    decode: (value) => (isDateTime(value) ? new Date(value as number) : undefined),
  },
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
    const hash = createHash('sha256').update(JSON.stringify(query));
    this.queryHash = hash.digest('base64url').slice(0, 11);
  }

  encode(row: object): string {
    const values = this.columns.map((column) => {
      const value: unknown = column.getEntityValue(row);
      return value === null ? null : codecOf(column).encode(value);
    });
    return Buffer.from(JSON.stringify([this.queryHash, ...values])).toString('base64url');
  }

  /** @throws InvalidInputError when the cursor is not one of this list */
  decode(cursor: string): unknown[] {
    const [queryHash, ...values] = parse(cursor);
    const position = this.columns.map((column, index) => {
      const value = values[index];
      return value === null && column.isNullable ? null : codecOf(column).decode(value);
    });
    if (queryHash !== this.queryHash || values.length !== position.length || position.includes(undefined))
      throw new InvalidInputError([
        {
          loc: ['query', 'cursor'],
          type: 'value_error',
          msg: 'Take the cursor from next_cursor of the page before, and keep filters and sort as they were',
        },
      ]);
    return position;
  }
}

function codecOf({ type, propertyPath }: ColumnMetadata): Codec {
  const codec = typeof type === 'string' ? CODECS[type] : undefined;
  if (!codec)
    throw new Error(`Lists cannot be sorted by ${propertyPath}: add its type ${String(type)} to cursor.ts`);
  return codec;
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
