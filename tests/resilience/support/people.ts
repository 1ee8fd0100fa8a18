import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isSuccess } from './client.js';

export interface Person {
  username: string;
  password: string;
  token: string;
}

/** For what has to work in the end. */
const PATIENCE_MS = 60_000;
const PASSWORD = 'correct horse 8';

export const uniqueName = (prefix: string) => `${prefix}${randomBytes(6).toString('hex')}`;

/** What somebody new types in. */
export function signUpForm(): { name: string; username: string; email: string; password: string } {
  const username = uniqueName('f');
  return { name: 'Fault Finder', username, email: `${username}@example.com`, password: PASSWORD };
}

/** Signs somebody new up and logs in; nothing is broken yet, so it has to work. */
export async function join(call: Client): Promise<Person> {
  const form = signUpForm();
  await untilDone(() => call('POST /user', { body: form }));
  return { ...form, token: await logIn(call, form) };
}

async function logIn(
  call: Client,
  { username, password }: Pick<Person, 'username' | 'password'>,
): Promise<string> {
  const answer = await untilDone(() => call('POST /login', { form: { username, password } }));
  return answer.body.access_token;
}

/** For what prepares or ends a row: tried again until it works. */
export async function untilDone(attempt: () => ReturnType<Client>): ReturnType<Client> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await attempt();
    if (isSuccess(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`No success: ${answer.status} ${answer.text}`);
    await delay(250);
  }
}
