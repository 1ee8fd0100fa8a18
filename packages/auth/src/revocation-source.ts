import { Injectable } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Lists the stored revocations. */
export abstract class RevocationSource {
  abstract list(): AsyncIterable<Revocation>;
}

/** Requests the revocations from the auth service, page by page. */
@Injectable()
export class RemoteRevocationSource extends RevocationSource {
  constructor(private readonly requests: Requests) {
    super();
  }

  async *list(): AsyncIterable<Revocation> {
    let cursor: string | null = null;
    do {
      const page: { revocations: Revocation[]; nextCursor: string | null } = await this.requests.request(
        'auth.list-revocations',
        { cursor },
      );
      yield* page.revocations;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
