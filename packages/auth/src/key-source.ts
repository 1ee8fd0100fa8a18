import { Injectable } from '@nestjs/common';
import type { PublicJwk } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Where a process gets the public keys that tokens are verified with. */
export abstract class KeySource {
  abstract load(): Promise<PublicJwk[]>;
}

/** Asks the auth service. */
@Injectable()
export class RemoteKeySource extends KeySource {
  constructor(private readonly requests: Requests) {
    super();
  }

  async load(): Promise<PublicJwk[]> {
    const { keys } = await this.requests.request('auth.get-keys', {});
    return keys;
  }
}
