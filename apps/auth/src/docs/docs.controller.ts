import { Controller, Get, Header, Param, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@repo/auth';
import type { FastifyReply } from 'fastify';
import { DocsGuard } from './docs.guard.js';
import { DocsService } from './docs.service.js';

/** Public, because `DocsGuard` checks access: its rules depend on the environment and include Basic authentication. */
@ApiExcludeController()
@Public()
@UseGuards(DocsGuard)
@Controller()
export class DocsController {
  constructor(private readonly docs: DocsService) {}

  @Get('openapi.json')
  @Header('Cache-Control', 'no-store')
  document(): Promise<object> {
    return this.docs.document();
  }

  @Get('docs')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/html; charset=utf-8')
  interactive(): string {
    return this.docs.page('docs');
  }

  @Get('redoc')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/html; charset=utf-8')
  reading(): string {
    return this.docs.page('redoc');
  }

  @Get('docs/:asset')
  @Header('Cache-Control', 'no-cache')
  async asset(
    @Param('asset') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { content, type } = await this.docs.asset(name);
    reply.type(type);
    return content;
  }
}
