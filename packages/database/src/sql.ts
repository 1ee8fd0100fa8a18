import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Statement } from './short-statements.js';

/** Collects the text of a statement and the values of its parameters. */
export class Sql implements Statement {
  readonly values: unknown[] = [];

  constructor(public text: string) {}

  add(text: string): this {
    this.text += text;
    return this;
  }

  /** @returns the parameter for a value: `$1` */
  parameter = (value: unknown): string => `$${this.values.push(value)}`;
}

export function columnSql({ databaseName }: ColumnMetadata): string {
  return `"${databaseName}"`;
}

export function tableSql({ tablePath }: EntityMetadata): string {
  return tablePath
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
}
