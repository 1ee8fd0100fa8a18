import { Injectable } from '@nestjs/common';
import type { UserSnapshot } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Requests to the users service. */
@Injectable()
export class UsersClient {
  constructor(private readonly requests: Requests) {}

  findByUsername(username: string): Promise<UserSnapshot | null> {
    return this.requests.request('users.get-user-by-username', { username });
  }
}
