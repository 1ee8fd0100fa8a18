import { createApi } from '@repo/api-client';

export async function introduce(gateway: string, username: string, password: string) {
  const api = createApi(gateway);
  await api.logIn(username, password);
  const { data: me } = await api.GET('/api/v1/user/me');

  const params = { path: { username } };
  const body = { name: 'Ada Lovelace' };
  const { data: done, error } = await api.PATCH('/api/v1/user/{username}', { params, body });

  return `${me?.email}: ${done?.message ?? error?.detail}`;
}
