import { Module } from '@nestjs/common';
import { RevocationsResponder } from './revocations.responder.js';
import { RevocationsRepository } from './revocations.repository.js';
import { RevocationsService } from './revocations.service.js';

@Module({
  controllers: [RevocationsResponder],
  providers: [RevocationsService, RevocationsRepository],
  exports: [RevocationsService, RevocationsRepository],
})
export class RevocationsModule {}
