import { type ColumnOptions, Column, CreateDateColumn, DeleteDateColumn, UpdateDateColumn } from 'typeorm';

// Milliseconds, as in JavaScript: a value with PostgreSQL's microseconds would differ after it is read.
const TIMESTAMP: ColumnOptions = { type: 'timestamptz', precision: 3 };

export const TimestampColumn = (options: ColumnOptions = {}) => Column({ ...TIMESTAMP, ...options });
export const CreatedAtColumn = () => CreateDateColumn({ ...TIMESTAMP, default: () => 'now()' });
export const UpdatedAtColumn = () => UpdateDateColumn({ ...TIMESTAMP, default: () => 'now()' });
/** Soft delete: reads skip rows with a value here. */
export const DeletedAtColumn = () => DeleteDateColumn({ ...TIMESTAMP, nullable: true });
