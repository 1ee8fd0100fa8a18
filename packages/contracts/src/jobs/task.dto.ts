import { ApiProperty } from '@nestjs/swagger';
import { ApiDateTime } from '../rules/index.js';
import { SAMPLE_TASK, TASKS_QUEUE } from './jobs.js';

/** States of a task, in order. The last three are final. */
export const TASK_STATUSES = ['queued', 'active', 'completed', 'failed', 'cancelled'] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

export class TaskCreated {
  @ApiProperty({ format: 'uuid' })
  id: string;
}

export class TaskRead {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: TASK_STATUSES, enumName: 'TaskStatus' })
  status: TaskStatus;

  @ApiProperty({ example: SAMPLE_TASK })
  function: string;

  @ApiProperty({ type: 'array', items: {}, example: ['hello'] })
  args: unknown[];

  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  kwargs: Record<string, unknown>;

  @ApiProperty({ type: 'integer', nullable: true, example: 1, description: 'Null before the first attempt.' })
  job_try: number | null;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 100, description: 'In per cent.' })
  progress: number;

  @ApiDateTime()
  enqueue_time: Date;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: null,
    description: 'Earliest start in ms since the epoch; null unless the task is queued.',
  })
  score: number | null;

  @ApiDateTime({ nullable: true })
  start_time: Date | null;

  @ApiDateTime({ nullable: true })
  finish_time: Date | null;

  @ApiProperty({ type: 'boolean', nullable: true, example: true, description: 'Null before the end.' })
  success: boolean | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Task hello is complete!' })
  result: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  error: string | null;

  @ApiProperty({ example: TASKS_QUEUE })
  queue_name: string;
}
