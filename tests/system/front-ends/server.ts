import { createApi } from '@repo/api-client';

/** The names of all users, read by a program that has an account of its own. */
export async function readUsernames(gatewayUrl: string, username: string, password: string) {
  const api = createApi(gatewayUrl);
  const { error } = await api.logIn(username, password);
  if (error) throw new Error(`The login was refused: ${error.detail}`);

  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: { cursor: string } = { cursor };
    const { data: page, error } = await api.GET('/api/v1/users', { params: { query } });
    if (error) throw new Error(`The users cannot be read: ${error.detail}`);
    names.push(...page.data.map((user) => user.username));
    cursor = 'next_cursor' in page ? page.next_cursor : null;
  }
  await api.logOut();
  return names;
}
