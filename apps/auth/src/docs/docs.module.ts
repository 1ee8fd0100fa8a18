import { Module } from '@nestjs/common';
import { SuperuserLoginGuard } from '@repo/auth';
import { LoginThrottlingModule } from '../login-throttling/login-throttling.module.js';
import { DocsController } from './docs.controller.js';
import { DocsGuard } from './docs.guard.js';
import { DocsService } from './docs.service.js';

@Module({
  imports: [LoginThrottlingModule],
  controllers: [DocsController],
  providers: [DocsGuard, DocsService, SuperuserLoginGuard],
})
export class DocsModule {}
