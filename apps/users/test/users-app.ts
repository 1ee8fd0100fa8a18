import { randomBytes } from 'node:crypto';
import type { EventEnvelope, EventName } from '@repo/contracts';
import { NatsClient } from '@repo/messaging';
import { type Api, type ApiAnswer, createTestApp, type TestApp, testToken, waitFor } from '@repo/testing';
import { UsersConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';
import { LimitedRoutes } from '../src/rate-limits/limited-routes.js';

export const PASSWORD = 'correct-horse-battery';

/** Token of a superuser. The user needs no row: the token has the role. */
export const superuser = testToken({ id: 2_000_000_000, username: 'boss', isSuperuser: true });

/** Valid token of a user that owns no resource. */
export const otherUser = testToken({ id: 2_000_000_001 });

export const LIMITED_ROUTE = 'api/v1/things/{id}';

/** Accepts rate limits for all paths, except those that contain `unlimited`. */
class TestLimitedRoutes extends LimitedRoutes {
  override readonly routes = [LIMITED_ROUTE];

  override expect(path: string): void {
    if (path.includes('unlimited')) super.expect(path);
  }
}

export const startUsersApp = (env: Record<string, string> = {}): Promise<TestApp> =>
  createTestApp(AppModule, UsersConfig, { schema, env, fakes: [[LimitedRoutes, new TestLimitedRoutes()]] });

/** A name that no other test uses. */
export const unique = (prefix = 'u'): string => prefix + randomBytes(6).toString('hex');

export const signUpOf = (username = unique()) => ({
  name: 'User Userson',
  username,
  email: `${username}@example.com`,
  password: PASSWORD,
});

export interface SignedUp {
  id: number;
  username: string;
  email: string;
  token: string;
}

export async function signUp(
  api: Api,
  changes: Partial<ReturnType<typeof signUpOf>> = {},
): Promise<SignedUp> {
  const { status, body } = await api('POST /user', { body: { ...signUpOf(), ...changes } });
  if (status !== 201) throw new Error(`Sign-up failed: ${JSON.stringify(body)}`);
  const { id, username, email } = body as SignedUp;
  return { id, username, email, token: testToken({ id, username }) };
}

export async function createTier(api: Api, name = unique('tier ')): Promise<{ id: number; name: string }> {
  const { status, body } = await api('POST /tier', { token: superuser, body: { name } });
  if (status !== 201) throw new Error(`No tier: ${JSON.stringify(body)}`);
  return body;
}

export async function assignTier(api: Api, username: string, tierId: number): Promise<void> {
  const { status, body } = await api(`PATCH /user/${username}/tier`, {
    token: superuser,
    body: { tier_id: tierId },
  });
  if (status !== 200) throw new Error(`No tier assigned: ${JSON.stringify(body)}`);
}

/** Status and detail of an error response. */
export const refusal = ({ status, body }: ApiAnswer) => ({ status, detail: body.detail });

/** Error code of each invalid field, keyed by its location: `body.name`. */
export const fieldErrors = ({ body }: ApiAnswer): Record<string, string> =>
  Object.fromEntries(
    (body.errors as { loc: (string | number)[]; type: string }[]).map(({ loc, type }) => [
      loc.join('.'),
      type,
    ]),
  );

/** Array that receives every event that the service publishes after this call. */
export function recordEvents({ nest }: Pick<TestApp, 'nest'>): EventEnvelope[] {
  const events: EventEnvelope[] = [];
  nest.get(NatsClient).subscribe('events.>', (message) => events.push(message.json<EventEnvelope>()));
  return events;
}

/** Waits for the event about the aggregate `id`. */
export const eventAbout = <E extends EventName>(
  events: EventEnvelope[],
  event: E,
  id: number,
): Promise<EventEnvelope<E>> =>
  waitFor(() =>
    events.find((one): one is EventEnvelope<E> => one.event === event && one.aggregateId === String(id)),
  ) as Promise<EventEnvelope<E>>;
