import { Module } from '@nestjs/common';
import { SuperuserLoginGuard } from '@repo/auth';
import { DocsController } from './docs.controller.js';
import { DocsGuard } from './docs.guard.js';
import { DocsService } from './docs.service.js';

@Module({
  controllers: [DocsController],
  providers: [DocsGuard, DocsService, SuperuserLoginGuard],
})
export class DocsModule {}
