import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';
import { KeysResponder } from './keys.responder.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeys } from './signing-keys.service.js';

@Module({
  controllers: [KeysController, KeysResponder],
  providers: [SigningKeys, SigningKeysRepository],
  exports: [SigningKeys],
})
export class KeysModule {}
