import { describe, expect, it } from '@jest/globals';
import { introduce } from '../../support/client-example.js';
import { GATEWAY_URL } from '../../support/gateway.js';
import { join } from '../../support/people.js';

describe('the typed client', () => {
  it('does what its README shows', async () => {
    const { username, password, email } = await join();

    expect(await introduce(GATEWAY_URL, username, password)).toBe(`${email}: User updated`);
  });
});
