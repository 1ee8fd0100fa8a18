import { type ColumnOptions, Column, CreateDateColumn, DeleteDateColumn, UpdateDateColumn } from 'typeorm';

// Milliseconds, as in JavaScript: with the microseconds of PostgreSQL a value read and compared again would differ.
const TIMESTAMP: ColumnOptions = { type: 'timestamptz', precision: 3 };

/** A point in time; UTC on the wire. */
export const TimestampColumn = (options: ColumnOptions = {}) => Column({ ...TIMESTAMP, ...options });
export const CreatedAtColumn = () => CreateDateColumn({ ...TIMESTAMP, default: () => 'now()' });
export const UpdatedAtColumn = () => UpdateDateColumn({ ...TIMESTAMP, default: () => 'now()' });
/** Rows with a value here are left out of every query that does not ask for them. */
export const DeletedAtColumn = () => DeleteDateColumn({ ...TIMESTAMP, nullable: true });
