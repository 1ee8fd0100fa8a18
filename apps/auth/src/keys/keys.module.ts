import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';
import { KeysMessages } from './keys.messages.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeys } from './signing-keys.service.js';

@Module({
  controllers: [KeysController, KeysMessages],
  providers: [SigningKeys, SigningKeysRepository],
  exports: [SigningKeys],
})
export class KeysModule {}
