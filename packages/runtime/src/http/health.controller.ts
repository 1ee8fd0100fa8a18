import { Controller, Get, Header, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SERVICES, type ServiceName } from '@repo/contracts';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/index.js';
import { ReplicaBus } from '../messaging/index.js';

type State = 'up' | 'down';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(@Inject(ReplicaBus) private readonly bus: ReplicaBus) {}

  @Public()
  @Get('health')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the gateway and a service answer' })
  health(): { status: string } {
    return { status: 'ok' };
  }

  @Public()
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether every service is ready, and which is not' })
  ready(@Res({ passthrough: true }) reply: FastifyReply): {
    status: string;
    services: Record<ServiceName, State>;
  } {
    const ready = new Set(
      this.bus
        .members()
        .filter((member) => member.ready)
        .map(({ service }) => service as ServiceName),
    );
    const states = SERVICES.map((service): [ServiceName, State] => [
      service,
      ready.has(service) ? 'up' : 'down',
    ]);
    const allUp = states.every(([, state]) => state === 'up');
    if (!allUp) reply.status(HttpStatus.SERVICE_UNAVAILABLE).header('Retry-After', '1');
    return {
      status: allUp ? 'ready' : 'not ready',
      services: Object.fromEntries(states) as Record<ServiceName, State>,
    };
  }
}
