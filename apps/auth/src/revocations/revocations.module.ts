import { Module } from '@nestjs/common';
import { RevocationsMessages } from './revocations.messages.js';
import { RevocationsRepository } from './revocations.repository.js';
import { StoredRevocations } from './stored-revocations.service.js';

@Module({
  controllers: [RevocationsMessages],
  providers: [StoredRevocations, RevocationsRepository],
  exports: [StoredRevocations, RevocationsRepository],
})
export class RevocationsModule {}
