import { api, type ApiRequest } from '../../../support/api.ts';
import { assignTier, createTier } from '../../../support/tiers.ts';
import { adminToken, createUser, logIn, type User } from '../../../support/users.ts';

/** The body of a response that has to be a success. */
export async function request(route: `${string} /${string}`, options?: ApiRequest) {
  const { status, body, text } = await api(route, options);
  if (status >= 300) throw new Error(`${route}: ${status} ${text}`);
  return body;
}

/** Every item of a list, page by page. */
export async function readAll<T>(path: `/${string}`, token?: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = `?items_per_page=100&cursor=${encodeURIComponent(cursor)}`;
    const page = await request(`GET ${path}${query}`, { token });
    items.push(...page.data);
    cursor = page.next_cursor;
  }
  return items;
}

/** Creates a user without a rate limit for tasks. */
export async function createUnlimitedUser(): Promise<User> {
  const admin = await adminToken();
  const user = await createUser();
  const tier = await createTier(admin, { path: 'api/v1/tasks/task', limit: 1_000_000, period: 3600 });
  await assignTier(admin, user, tier.id);
  return { ...user, ...(await logIn(user)) }; // the tier is a claim of the token
}
