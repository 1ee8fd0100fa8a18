import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ListRevocations, type RevocationPage } from '@repo/contracts';
import { OnRequest } from '@repo/messaging';
import { RevocationsService } from './revocations.service.js';

@Controller()
export class RevocationsResponder {
  constructor(private readonly revocations: RevocationsService) {}

  @OnRequest('auth.list-revocations')
  list(@Payload() { cursor }: ListRevocations): Promise<RevocationPage> {
    return this.revocations.page(cursor);
  }
}
