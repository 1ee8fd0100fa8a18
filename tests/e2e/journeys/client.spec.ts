import { describe, expect, it } from '@jest/globals';
import { createApi } from '@repo/api-client';
import { gatewayUrl } from '../../support/api.ts';
import { browserFetch } from '../../support/browser-fetch.ts';
import { createUser } from '../../support/users.ts';
import { introduce } from '../support/client-example.ts';

describe('the typed client', () => {
  it('works as its README shows', async () => {
    const { username, password, email } = await createUser();

    expect(await introduce(gatewayUrl(), username, password)).toBe(`${email}: User updated`);
  });

  it('continues the session after a reload of the page, until the logout', async () => {
    const { username, password } = await createUser();
    const fetch = browserFetch();
    const open = () => createApi(gatewayUrl(), { fetch });
    await open().logIn(username, password);

    const reloaded = open();
    const { data: me } = await reloaded.GET('/api/v1/user/me');
    const { data: done } = await open().logOut();

    expect([me?.username, done?.message]).toEqual([username, 'Logged out successfully']);
    expect((await reloaded.GET('/api/v1/user/me')).error?.status).toBe(401);
    expect(await open().resume()).toBe(false);
  });
});
