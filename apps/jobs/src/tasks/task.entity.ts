import { CreatedAtColumn, TimestampColumn } from '@repo/runtime/database';
import type { TaskStatus } from '@repo/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A task is kept here before it is queued, and its outcome after. The queue may lose what it likes. */
@Entity('tasks')
@Index('ix_tasks_user', ['createdByUserId', 'id'])
@Index('ix_tasks_dispatch', ['dispatchAt'], { where: `status IN ('queued', 'active')` })
export class Task {
  /** UUIDv7, and the id of the job. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The name of the job. */
  @Column({ type: 'text' })
  function: string;

  @Column({ type: 'text' })
  message: string;

  @Column({ type: 'int', nullable: true })
  createdByUserId: number | null;

  @Column({ type: 'text', default: 'queued' })
  status: TaskStatus;

  /** How often a worker has started it. */
  @Column({ type: 'int', default: 0 })
  tries: number;

  @CreatedAtColumn()
  enqueuedAt: Date;

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
