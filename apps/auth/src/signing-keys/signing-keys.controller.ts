import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@repo/auth';
import type { Jwks } from '@repo/contracts';
import { SigningKeysService } from './signing-keys.service.js';

@ApiExcludeController()
@Controller()
export class SigningKeysController {
  constructor(private readonly keys: SigningKeysService) {}

  @Public()
  @Get('.well-known/jwks.json')
  async publish(): Promise<Jwks> {
    return { keys: await this.keys.load() };
  }
}
