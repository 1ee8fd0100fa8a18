import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { TokensService } from './tokens.service.js';

@Module({
  imports: [JwtModule.register({}), SigningKeysModule],
  providers: [TokensService],
  exports: [TokensService],
})
export class TokensModule {}
