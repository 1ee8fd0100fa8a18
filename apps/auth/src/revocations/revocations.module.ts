import { Module } from '@nestjs/common';
import { RevocationsResponder } from './revocations.responder.js';
import { RevocationsRepository } from './revocations.repository.js';
import { StoredRevocations } from './stored-revocations.service.js';

@Module({
  controllers: [RevocationsResponder],
  providers: [StoredRevocations, RevocationsRepository],
  exports: [StoredRevocations, RevocationsRepository],
})
export class RevocationsModule {}
