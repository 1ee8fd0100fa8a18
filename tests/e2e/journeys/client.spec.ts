import { describe, expect, it } from '@jest/globals';
import { gatewayUrl } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { introduce } from '../support/client-example.ts';

describe('the typed client', () => {
  it('works as its README shows', async () => {
    const { username, password, email } = await createUser();

    expect(await introduce(gatewayUrl(), username, password)).toBe(`${email}: User updated`);
  });
});
