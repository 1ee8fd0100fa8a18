import { Controller } from '@nestjs/common';
import type { Jwks } from '@repo/contracts';
import { OnRequest } from '@repo/messaging';
import { SigningKeysService } from './signing-keys.service.js';

@Controller()
export class SigningKeysResponder {
  constructor(private readonly keys: SigningKeysService) {}

  @OnRequest('auth.get-keys')
  async get(): Promise<Jwks> {
    return { keys: await this.keys.load() };
  }
}
