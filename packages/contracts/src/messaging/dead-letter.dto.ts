import { ApiProperty } from '@nestjs/swagger';
import { DateField } from '../rules/date.field.js';
import { QueryIntField } from '../rules/number.fields.js';

/** The path of one dead letter. */
export class DeadLetterParam {
  @QueryIntField({ min: 1 })
  id: number;
}

/** An event that a service gave up on. */
export class DeadLetterRead {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ description: 'The id under which the event was published.' })
  event_id: string;

  @ApiProperty({ example: 'user.updated' })
  event: string;

  @ApiProperty({ description: 'The event as it arrived, which need not be JSON.' })
  envelope: string;

  @ApiProperty({ type: 'integer', example: 8 })
  attempts: number;

  @ApiProperty({ description: 'What the last attempt failed with.' })
  error: string;

  @DateField()
  failed_at: Date;
}
