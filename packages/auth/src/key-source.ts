import { Injectable } from '@nestjs/common';
import type { PublicJwk } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Loads the public keys of tokens. */
export abstract class KeySource {
  abstract load(): Promise<PublicJwk[]>;
}

/** Requests the keys from the auth service. */
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
