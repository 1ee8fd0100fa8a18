import { api } from '../../support/gateway.js';
import { join, logIn } from '../../support/people.js';
import { REPLICAS, type World } from '../world.js';
import type { Measurement } from './measurement.js';

const SESSIONS = 100;
const REQUESTS_EACH = 50;

/** Requests that start once a logout was answered, over every process of every API. */
export async function afterLogout(world: World): Promise<Measurement> {
  const person = await join();
  const routes = {
    auth: 'GET /sessions',
    users: 'GET /user/me',
    posts: `DELETE /${person.username}/post/1`,
    jobs: 'GET /tasks',
  } as const;
  let sent = 0;
  let accepted = 0;
  for (let session = 0; session < SESSIONS; session++) {
    const { token } = await logIn(person);
    await warmUp(world, token);
    await api('POST /logout', { token });
    const answers = await Promise.all(
      Array.from({ length: REQUESTS_EACH }, (_, index) => {
        const name = REPLICAS[index % REPLICAS.length]!;
        return world.service(name)(routes[name.replace('-2', '') as keyof typeof routes], { token });
      }),
    );
    sent += answers.length;
    accepted += answers.filter(({ status }) => status !== 401).length;
  }
  return {
    what: `requests after an answered logout, over ${REPLICAS.length} processes of four services`,
    seen: `${accepted} of ${sent} accepted`,
    right: '0 accepted',
    ok: accepted === 0,
  };
}

/** Every process has seen the token, and may remember that it was good. */
async function warmUp({ service }: World, token: string): Promise<void> {
  await Promise.all(REPLICAS.map((name) => service(name)('GET /user/me', { token })));
}
