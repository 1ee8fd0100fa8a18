import { ApiProperty } from '@nestjs/swagger';

/** The response of a change without other data. */
export class Message {
  @ApiProperty({ example: 'User updated' })
  message: string;
}
