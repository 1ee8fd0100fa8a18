import type { Priority, TaskStatus } from '@repo/contracts';
import type { Origin } from '@repo/core';
import { CreatedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A task is kept here before it is queued, and its outcome after. The queue may lose what it likes. */
@Entity('tasks')
@Index('ix_tasks_user', ['createdByUserId', 'id'])
@Index('ix_tasks_dispatch', ['dispatchAt'], { where: `status IN ('queued', 'active')` })
@Index('ix_tasks_finished', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Index('ux_tasks_unique_key', ['function', 'uniqueKey'], {
  unique: true,
  where: `unique_key IS NOT NULL AND status IN ('queued', 'active')`,
})
export class Task {
  /** UUIDv7, and the id of the job. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The name of the job. */
  @Column({ type: 'text' })
  function: string;

  @Column({ type: 'jsonb' })
  payload: object;

  @Column({ type: 'text', default: 'normal' })
  priority: Priority;

  /** At most one unfinished task of a job has it. */
  @Column({ type: 'text', nullable: true })
  uniqueKey: string | null;

  @Column({ type: 'int', nullable: true })
  createdByUserId: number | null;

  /** The request that asked for it. */
  @Column({ type: 'jsonb', nullable: true })
  origin: Origin | null;

  @Column({ type: 'text', default: 'queued' })
  status: TaskStatus;

  /** How often a worker has started it. */
  @Column({ type: 'int', default: 0 })
  tries: number;

  /** How many of the tries failed. */
  @Column({ type: 'int', default: 0 })
  failures: number;

  /** How many of the tries a worker gave back because it had to stop. What is left had its process die. */
  @Column({ type: 'int', default: 0 })
  interruptions: number;

  /** Per cent. */
  @Column({ type: 'int', default: 0 })
  progress: number;

  @CreatedAtColumn()
  enqueuedAt: Date;

  /** It does not run before. */
  @TimestampColumn({ default: () => 'now()' })
  runAt: Date;

  @TimestampColumn({ nullable: true })
  startedAt: Date | null;

  @TimestampColumn({ nullable: true })
  finishedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  result: string | null;

  @Column({ type: 'text', nullable: true })
  error: string | null;

  /** When to make sure (again) that the queue has it. */
  @TimestampColumn({ default: () => 'now()' })
  dispatchAt: Date;
}
