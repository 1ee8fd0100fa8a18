import type { Row } from '../row.js';
import { Flood, type FloodAnswer, type FloodOutcome, type FloodRequest } from '../../support/flood.js';
import { signUpForm } from '../support/people.js';
import type { Report } from '../support/report.js';

const CLIENTS = 64;
/** Many and short, so that both kinds of load meet the same machine, whatever else it does. */
const ROUNDS = 10;
const SECONDS = 3;
const SERVED_LIMIT = 90;
const REFUSED_LIMIT_S = 0.5;

/** What is mostly work of the service, and what is mostly work of the machine: hashing. */
const REQUESTS: FloodRequest[] = [
  { method: 'GET', path: '/api/v1/users' },
  { method: 'POST', path: '/api/v1/user', body: signUpForm },
];

export const overload: Row = {
  name: 'overload',
  promise: `At twice the requests/s that the system can take, it still serves ${SERVED_LIMIT} % of its peak, and refuses the rest at once.`,
  env: { LOG_LEVEL: 'warn' },
  async run(system, report) {
    const flood = new Flood(system.url);
    try {
      for (const request of REQUESTS) await measure(flood, request, report);
    } finally {
      flood.close();
    }
  },
};

async function measure(flood: Flood, request: FloodRequest, report: Report): Promise<void> {
  const name = `${request.method} ${request.path.replace('/api/v1', '')}`;
  const patient = () => flood.patient(request, CLIENTS, AbortSignal.timeout(SECONDS * 1_000));
  await patient();
  let peaks = 0;
  let served = 0;
  const refused: FloodAnswer[] = [];
  let odd = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const peak = successesPerSecond(await patient());
    const since = performance.now();
    const flooded = await flood.heedless(request, 2 * peak, SECONDS);
    const atTwice = successesPerSecond(flooded);
    const { answers } = flooded;
    for (const { status } of answers) report.count({ status, startedAt: since, ms: 0 });
    refused.push(...answers.filter(({ status }) => status === 503));
    odd += answers.filter((answer) => !isSuccess(answer) && answer.status !== 503).length;
    peaks += peak;
    served += atTwice;
    report.note(`${name}: ${Math.round(atTwice)}/s of ${Math.round(peak)}/s`);
  }
  const mean = Math.round(peaks / ROUNDS);
  report.atLeast(`${name}, served of ${mean}/s`, (100 * served) / peaks, SERVED_LIMIT, ' %');
  report.atMost(`${name}, 99 % refused within`, percentile(refused, 0.99) / 1_000, REFUSED_LIMIT_S, ' s');
  report.atMost(`${name}, other answers than success and 503`, odd, 0);
}

const isSuccess = ({ status }: FloodAnswer) => status >= 200 && status < 300;
const successesPerSecond = ({ answers, seconds }: FloodOutcome) => answers.filter(isSuccess).length / seconds;

function percentile(answers: FloodAnswer[], part: number): number {
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return times[Math.floor(times.length * part)] ?? 0;
}
