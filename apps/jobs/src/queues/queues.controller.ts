import { Controller, Get, Header, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, SuperuserLoginGuard } from '@repo/auth';
import type { FastifyReply } from 'fastify';
import { QueuesService } from './queues.service.js';

/**
 * The dashboard of the queues: to look at, not to change them. What becomes of a task is decided in Postgres, so a job
 * that was removed or retried here would come back, or be run for nothing.
 *
 * Public by declaration: the guard knows more than one way to log in.
 */
@ApiExcludeController()
@Public()
@UseGuards(SuperuserLoginGuard)
@Controller('admin/queues')
export class QueuesController {
  constructor(private readonly queues: QueuesService) {}

  @Get('static/*')
  @Header('Cache-Control', 'private, max-age=3600')
  async asset(@Param('*') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { content, type } = await this.queues.asset(file);
    reply.type(type);
    return content;
  }

  @Get('api/*')
  @Header('Cache-Control', 'no-store')
  async data(
    @Param('*') path: string,
    @Query() query: Record<string, string>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { status, body } = await this.queues.data(`/api/${path}`, query);
    reply.status(status);
    return body;
  }

  /** One page whatever the address: its script looks at that. */
  @Get(['', '*'])
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): Promise<string> {
    return this.queues.page();
  }
}
