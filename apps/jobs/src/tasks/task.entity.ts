import type { Priority, TaskStatus } from '@repo/contracts';
import type { Origin } from '@repo/core';
import { CreatedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A task. The row is written before the task is queued, so a queue that loses jobs loses no task. */
@Entity('tasks')
@Index('ix_tasks_user', ['createdByUserId', 'id'])
@Index('ix_tasks_dispatch', ['dispatchAt'], { where: `status IN ('queued', 'active')` })
@Index('ix_tasks_finished', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Index('ux_tasks_unique_key', ['job', 'uniqueKey'], {
  unique: true,
  where: `unique_key IS NOT NULL AND status IN ('queued', 'active')`,
})
export class Task {
  /** A UUIDv7; also the id of the BullMQ job. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Name of the job. */
  @Column({ type: 'text' })
  job: string;

  @Column({ type: 'jsonb' })
  payload: object;

  @Column({ type: 'text', default: 'normal' })
  priority: Priority;

  /** At most one unfinished task of a job has a given key. */
  @Column({ type: 'text', nullable: true })
  uniqueKey: string | null;

  @Column({ type: 'int', nullable: true })
  createdByUserId: number | null;

  /** The request that created the task. */
  @Column({ type: 'jsonb', nullable: true })
  origin: Origin | null;

  @Column({ type: 'text', default: 'queued' })
  status: TaskStatus;

  /** Attempts that a worker has started. */
  @Column({ type: 'int', default: 0 })
  attempts: number;

  /** Attempts that failed. */
  @Column({ type: 'int', default: 0 })
  failures: number;

  /** Attempts that ended because the worker stopped. During the remaining attempts the process died. */
  @Column({ type: 'int', default: 0 })
  interruptions: number;

  /** In per cent. */
  @Column({ type: 'int', default: 0 })
  progress: number;

  @CreatedAtColumn()
  enqueuedAt: Date;

  /** Earliest start. */
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

  /** Next time at which the task is added to the queue, while it is unfinished. */
  @TimestampColumn({ default: () => 'now()' })
  dispatchAt: Date;
}
