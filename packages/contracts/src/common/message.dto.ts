import { ApiProperty } from '@nestjs/swagger';

/** What was done, in words. */
export class Message {
  @ApiProperty({ example: 'User updated' })
  message: string;
}
