import { Controller } from '@nestjs/common';
import type { Jwks } from '@repo/contracts';
import { OnRequest } from '@repo/messaging';
import { SigningKeys } from './signing-keys.service.js';

@Controller()
export class KeysResponder {
  constructor(private readonly keys: SigningKeys) {}

  @OnRequest('auth.get-keys')
  async get(): Promise<Jwks> {
    return { keys: await this.keys.load() };
  }
}
