import { createHash } from 'node:crypto';
import { INT4, isUuid } from '@repo/contracts';
import { InvalidInputError } from '@repo/core';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** How a column's values travel in a cursor; `read` answers undefined for what is none of them. */
interface Passage {
  write(value: unknown): unknown;
  read(value: unknown): unknown;
}

const plain = (is: (value: any) => boolean): Passage => ({
  write: (value) => value,
  read: (value) => (is(value) ? value : undefined),
});
const INT = plain((value) => Number.isInteger(value) && value >= INT4.min && value <= INT4.max);
const TEXT = plain((value) => typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value));
const UUID = plain((value) => typeof value === 'string' && isUuid(value));
/** Years 1 to 9999, which PostgreSQL and JavaScript write alike. */
const MOMENT: Passage = {
  write: (value) => (value as Date).getTime(),
  read: (value) => (isMoment(value) ? new Date(value) : undefined),
};

const PASSAGES: Record<string, Passage> = {
  int: INT,
  integer: INT,
  text: TEXT,
  varchar: TEXT,
  'character varying': TEXT,
  uuid: UUID,
  timestamptz: MOMENT,
  'timestamp with time zone': MOMENT,
};

/**
 * A place in a list, as text that a client hands back. It belongs to one way of asking: under other filters or
 * another order it is none.
 */
export class Cursor {
  private readonly asked: string;

  constructor(
    private readonly columns: ColumnMetadata[],
    question: unknown,
  ) {
    this.asked = createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 11);
  }

  encode(row: object): string {
    const values = this.columns.map((column) => {
      const value: unknown = column.getEntityValue(row);
      return value === null ? null : passage(column).write(value);
    });
    return Buffer.from(JSON.stringify([this.asked, ...values])).toString('base64url');
  }

  /** @throws InvalidInputError when it is none of this list's */
  decode(cursor: string): unknown[] {
    const [asked, ...values] = parse(cursor);
    const position = this.columns.map((column, index) => {
      const value = values[index];
      return value === null && column.isNullable ? null : passage(column).read(value);
    });
    if (asked !== this.asked || values.length !== position.length || position.includes(undefined))
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

function passage({ type, propertyPath }: ColumnMetadata): Passage {
  const found = typeof type === 'string' ? PASSAGES[type] : undefined;
  if (!found) throw new Error(`Lists cannot be sorted by ${propertyPath}: cursors know no ${String(type)}`);
  return found;
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

function isMoment(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= -62_135_596_800_000 &&
    (value as number) <= 253_402_300_799_999
  );
}
