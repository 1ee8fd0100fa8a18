import { ApiProperty } from '@nestjs/swagger';
import { ApiDateTime, QueryIntField } from '../rules/index.js';

export class DeadLetterParam {
  @QueryIntField({ min: 1 })
  id: number;
}

export class DeadLetterRead {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ description: 'The id of the event.' })
  event_id: string;

  @ApiProperty({ example: 'user.updated' })
  event: string;

  @ApiProperty({ description: 'The event as it was received; it may be no JSON.' })
  envelope: string;

  @ApiProperty({ type: 'integer', example: 8 })
  attempts: number;

  @ApiProperty({ description: 'The error of the last attempt.' })
  error: string;

  @ApiDateTime()
  failed_at: Date;
}
