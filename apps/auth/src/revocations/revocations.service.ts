import { Injectable } from '@nestjs/common';
import type { RevocationSource } from '@repo/auth';
import type { Revocation, RevocationPage } from '@repo/contracts';
import { RevocationsRepository } from './revocations.repository.js';

const PAGE_SIZE = 2_000;

/** The stored revocations, from which every process fills its memory at start. */
@Injectable()
export class RevocationsService implements Pick<RevocationSource, 'list'> {
  constructor(private readonly revocations: RevocationsRepository) {}

  async page(cursor: string | null): Promise<RevocationPage> {
    const rows = await this.revocations.findPage(cursor, PAGE_SIZE);
    const nextCursor = rows.length === PAGE_SIZE ? rows.at(-1)!.subject : null;
    return { revocations: rows.map(({ revocation }) => revocation), nextCursor };
  }

  async *list(): AsyncIterable<Revocation> {
    let cursor: string | null = null;
    do {
      const page: RevocationPage = await this.page(cursor);
      yield* page.revocations;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
