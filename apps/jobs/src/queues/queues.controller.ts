import { Controller, Get, Header, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, SuperuserLoginGuard } from '@repo/auth';
import type { FastifyReply } from 'fastify';
import { QueuesService } from './queues.service.js';

/**
 * The queue dashboard, read-only: PostgreSQL has the state of tasks, so a job that is removed or retried here would be
 * added again, or executed without effect.
 *
 * Public for the AuthGuard, because SuperuserLoginGuard accepts Basic credentials besides tokens.
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

  /** The same page for every path; its script reads the path. */
  @Get(['', '*'])
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): Promise<string> {
    return this.queues.page();
  }
}
