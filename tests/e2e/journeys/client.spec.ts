import { describe, expect, it } from '@jest/globals';
import { createApi } from '@repo/api-client';
import { gatewayUrl } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { introduce } from '../support/client-example.ts';

/** `fetch` of a browser: it keeps the cookies, and hides them from the caller. */
function browserFetch() {
  const jar = new Map<string, string>();
  return async (request: Request): Promise<Response> => {
    request.headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const visible = [...response.headers].filter(([name]) => name !== 'set-cookie');
    return new Response(await response.text(), { status: response.status, headers: visible });
  };
}

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
