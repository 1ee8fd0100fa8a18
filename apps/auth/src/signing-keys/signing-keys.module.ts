import { Module } from '@nestjs/common';
import { SigningKeysController } from './signing-keys.controller.js';
import { SigningKeysResponder } from './signing-keys.responder.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeysService } from './signing-keys.service.js';

@Module({
  controllers: [SigningKeysController, SigningKeysResponder],
  providers: [SigningKeysService, SigningKeysRepository],
  exports: [SigningKeysService],
})
export class SigningKeysModule {}
