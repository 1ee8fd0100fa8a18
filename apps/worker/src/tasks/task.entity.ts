import type { TaskStatus } from '@repo/contracts';
import { TimestampColumn } from '@repo/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The columns of `jobs.tasks` that the worker uses. The service jobs owns the table. */
@Entity('tasks')
export class Task {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  job: string;

  @Column({ type: 'jsonb' })
  payload: object;

  @Column({ type: 'int', nullable: true })
  createdByUserId: number | null;

  @Column({ type: 'text' })
  status: TaskStatus;

  @Column({ type: 'int' })
  attempts: number;

  @Column({ type: 'int' })
  failures: number;

  @Column({ type: 'int' })
  interruptions: number;

  @Column({ type: 'int' })
  progress: number;

  @TimestampColumn({ nullable: true })
  startedAt: Date | null;

  @TimestampColumn({ nullable: true })
  finishedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  result: string | null;

  @Column({ type: 'text', nullable: true })
  error: string | null;
}
