import { Injectable } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Where a process gets the revocations that were made before it listened. */
export abstract class RevocationSource {
  abstract list(): AsyncIterable<Revocation>;
}

/** Asks the auth service, page by page. */
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
