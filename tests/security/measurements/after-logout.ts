import { api } from '../../support/api.ts';
import { createUser, logIn } from '../../support/users.ts';
import { type Fixture, REPLICAS } from '../fixture.ts';
import type { Measurement } from './measurement.ts';

const SESSIONS = 100;
const REQUESTS_EACH = 50;

/** Requests that are sent after the answer to a logout, to every process of every API. */
export async function afterLogout({ service }: Fixture): Promise<Measurement> {
  const user = await createUser();
  const routes: Record<string, `${string} /${string}`> = {
    auth: 'GET /sessions',
    users: 'GET /user/me',
    posts: `DELETE /${user.username}/post/1`,
    jobs: 'GET /tasks',
  };
  const send = (replica: string, token: string) =>
    service(replica)(routes[replica.replace('-2', '')]!, { token });
  let sent = 0;
  let accepted = 0;
  for (let session = 0; session < SESSIONS; session++) {
    const { token } = await logIn(user);
    // Every process has verified the token before, and may have cached the result.
    await Promise.all(REPLICAS.map((replica) => send(replica, token)));
    await api('POST /logout', { token });
    const answers = await Promise.all(
      Array.from({ length: REQUESTS_EACH }, (_, index) => send(REPLICAS[index % REPLICAS.length]!, token)),
    );
    sent += answers.length;
    accepted += answers.filter(({ status }) => status !== 401).length;
  }
  return {
    what: `requests after the answer to a logout, to ${REPLICAS.length} processes of four services`,
    actual: `${accepted} of ${sent} accepted`,
    limit: '0 accepted',
    ok: accepted === 0,
  };
}
