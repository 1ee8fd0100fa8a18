import type { Type } from '@nestjs/common';
import { fieldsOf } from '@repo/contracts';
import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { keyOf } from './order.js';
import { columnSql } from './sql.js';

/** Column types whose values pg returns as they are in entities. */
const PLAIN = new Set<unknown>([
  'int',
  'bigint',
  'text',
  'varchar',
  'uuid',
  'boolean',
  'timestamptz',
  'jsonb',
]);

/** Columns that a statement returns, and the entity that their values become. */
export class Projection<T extends ObjectLiteral = ObjectLiteral> {
  /** The list of the columns. */
  readonly sql: string;
  private readonly setters: ((row: ObjectLiteral, value: unknown) => void)[];

  constructor(
    private readonly metadata: EntityMetadata,
    readonly columns: readonly ColumnMetadata[],
  ) {
    this.sql = columns.map(columnSql).join(', ');
    this.setters = columns.map((column) => this.setterOf(column));
  }

  toRow = (values: unknown[]): T => {
    const row = this.metadata.create() as T;
    for (let index = 0; index < values.length; index++) this.setters[index]!(row, values[index]);
    return row;
  };

  private setterOf(column: ColumnMetadata): (row: ObjectLiteral, value: unknown) => void {
    const { propertyName } = column;
    if (PLAIN.has(column.type) && !column.isArray && !column.transformer && !column.embeddedMetadata)
      return (row, value) => (row[propertyName] = value);
    const { driver } = this.metadata.dataSource;
    return (row, value) => column.setEntityValue(row, driver.prepareHydratedValue(value, column));
  }
}

const projections = new WeakMap<EntityMetadata, Map<Type<object> | undefined, Projection>>();

/** The columns of a DTO class and the key; without a class, all columns. `also` are added if they are missing. */
export function projectionOf<T extends ObjectLiteral>(
  metadata: EntityMetadata,
  select: Type<object> | undefined,
  also: readonly ColumnMetadata[] = [],
): Projection<T> {
  const ofTable = projections.get(metadata) ?? new Map<Type<object> | undefined, Projection>();
  projections.set(metadata, ofTable);
  const projection = ofTable.get(select) ?? new Projection(metadata, columnsOf(metadata, select));
  ofTable.set(select, projection);
  const missing = also.filter((column) => !projection.columns.includes(column));
  if (missing.length === 0) return projection as Projection<T>;
  return new Projection(metadata, [...projection.columns, ...missing]);
}

function columnsOf(metadata: EntityMetadata, select: Type<object> | undefined): ColumnMetadata[] {
  if (!select) return metadata.columns.filter(({ isSelect }) => isSelect);
  const selected = fieldsOf(select).flatMap((field) => metadata.findColumnWithDatabaseName(field) ?? []);
  return [...new Set([keyOf(metadata), ...selected])];
}
