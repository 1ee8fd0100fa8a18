import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DocsController } from './docs.controller.js';
import { DocsGuard } from './docs.guard.js';
import { DocsService } from './docs.service.js';

@Module({ imports: [SessionsModule], controllers: [DocsController], providers: [DocsGuard, DocsService] })
export class DocsModule {}
