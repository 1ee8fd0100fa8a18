import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@repo/auth';
import { ApiProblem, Health, Readiness, type ServiceName } from '@repo/contracts';
import { toProblem, UnavailableError } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './error.filter.js';

export const EXPECTED_SERVICES = Symbol('EXPECTED_SERVICES');

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    @Inject(ReplicaBus) private readonly bus: ReplicaBus,
    @Inject(EXPECTED_SERVICES) private readonly expected: readonly ServiceName[],
  ) {}

  @Public()
  @Get('health')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'See whether the gateway and a service answer' })
  @ApiOkResponse({ type: Health })
  live(): Health {
    return { status: 'ok' };
  }

  @Public()
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'See whether every service is ready, and which is not' })
  @ApiOkResponse({ type: Readiness })
  @ApiProblem(503, 'Not every service is ready.')
  ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    const ready = new Set(this.bus.members().flatMap((member) => (member.ready ? member.service : [])));
    const services = Object.fromEntries(
      this.expected.map((service) => [service, ready.has(service) ? 'up' : 'down']),
    );
    if (Object.values(services).every((state) => state === 'up')) return { status: 'ready', services };
    const error = new UnavailableError('Not every service is ready.');
    void reply.status(error.status).headers(error.headers!).type('application/problem+json');
    return {
      ...toProblem(error, { instance: pathOf(request.url), requestId: String(request.id) }),
      services,
    };
  }
}
