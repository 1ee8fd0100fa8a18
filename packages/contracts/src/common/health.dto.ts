import { ApiProperty } from '@nestjs/swagger';

/** The response to `GET /health`. */
export class Health {
  @ApiProperty({ enum: ['ok'] })
  status: 'ok';
}

/** The response to `GET /ready` when every service is ready. */
export class Readiness {
  @ApiProperty({ enum: ['ready'] })
  status: 'ready';

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['up', 'down'] },
    example: { auth: 'up', users: 'up' },
  })
  services: Record<string, 'up' | 'down'>;
}
