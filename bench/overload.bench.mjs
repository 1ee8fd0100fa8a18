// @ts-check
import { Failure } from '../infra/local/failure.mjs';
import { startStack } from '../infra/local/stack.mjs';
import { rounded } from './support/compare.mjs';
import { heedlessClients, patientClients } from './support/clients.mjs';

export const about =
  'twice the load that the system can take: how much of its peak is still served, and what the rest waits';

const ROUNDS = 3;
const SECONDS = 6;
const CLIENTS = 64;

/** @param {{ root: string, dir: string }} context */
export async function run({ root, dir }) {
  const stack = await startStack({ root, dir, gatewayPort: 0, durable: false, env: { LOG_LEVEL: 'warn' } });
  try {
    // Past the gateway, which lets one address have so many connections only.
    const api = `http://127.0.0.1:${stack.ports.users}/api/v1`;
    return [
      await measure('GET /users', { url: `${api}/users` }),
      await measure('POST /user', { url: `${api}/user`, method: 'POST', body: newUser }),
    ];
  } finally {
    await stack.stop();
  }
}

/** @param {string} route @param {import('./support/clients.mjs').Call} call */
async function measure(route, call) {
  await patientClients(call, { clients: CLIENTS, seconds: 2 });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const peak =
      succeeded(await patientClients(call, { clients: CLIENTS, seconds: SECONDS })).length / SECONDS;
    const since = performance.now();
    const answers = await heedlessClients(call, { perSecond: 2 * peak, seconds: SECONDS });
    const seconds = (performance.now() - since) / 1_000;
    const odd = answers.find(({ status }) => status >= 300 && status !== 503);
    if (odd) throw new Failure(`${route}: an answer with status ${odd.status}`);
    const served = succeeded(answers);
    const refused = answers.filter(({ status }) => status === 503);
    const unanswered = answers.filter(({ status }) => status === 0).length;
    const perSecond = served.length / seconds;
    rounds.push({ peak, perSecond, ratio: perSecond / peak, served, refused, unanswered });
  }
  const { peak, perSecond, ratio, served, refused, unanswered } = rounds.toSorted(
    (a, b) => a.ratio - b.ratio,
  )[Math.floor(ROUNDS / 2)];
  return {
    route,
    'peak /s': rounded(peak),
    'served /s at twice that': rounded(perSecond),
    'served of the peak': rounded(ratio),
    'served: median ms': percentile(served, 0.5),
    refused: refused.length,
    'refused: median ms': percentile(refused, 0.5),
    'refused: 99 % below ms': percentile(refused, 0.99),
    'without an answer': unanswered,
  };
}

/** @param {import('./support/clients.mjs').Answer[]} answers */
const succeeded = (answers) => answers.filter(({ status }) => status >= 200 && status < 300);

/** @param {import('./support/clients.mjs').Answer[]} answers @param {number} part */
function percentile(answers, part) {
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return times.length ? rounded(times[Math.floor(times.length * part)]) : '';
}

let users = 0;
function newUser() {
  const username = `u${process.pid}x${++users}`;
  return { name: 'Somebody', username, email: `${username}@example.com`, password: 'correct horse 8' };
}
