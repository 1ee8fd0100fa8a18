import { Injectable } from '@nestjs/common';
import type { Revocation, RevocationPage } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Requests the stored revocations from the auth service, page by page. That service reads them from its schema. */
@Injectable()
export class RevocationSource {
  constructor(private readonly requests: Requests) {}

  async *list(): AsyncIterable<Revocation> {
    let cursor: string | null = null;
    do {
      const page: RevocationPage = await this.requests.request('auth.list-revocations', { cursor });
      yield* page.revocations;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
