import { Injectable } from '@nestjs/common';
import type { PublicJwk } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Requests the public keys of tokens from the auth service, which itself reads them from its schema. */
@Injectable()
export class KeySource {
  constructor(private readonly requests: Requests) {}

  async load(): Promise<PublicJwk[]> {
    const { keys } = await this.requests.request('auth.get-keys', {});
    return keys;
  }
}
