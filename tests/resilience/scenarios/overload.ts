import {
  type LoadAnswer,
  LoadGenerator,
  type LoadRequest,
  type LoadResult,
} from '../../support/load-generator.ts';
import { percentile } from '../../support/statistics.ts';
import { newUser } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import type { Report } from '../support/report.ts';

const CLIENTS = 64;
/** Many short rounds: when the machine gets slower, both loads meet the slower machine. */
const ROUNDS = 10;
const SECONDS = 3;
const SERVED_LIMIT = 90;
const REFUSED_LIMIT_S = 0.5;

/** The first is limited by the service (no filter is cached), the second by the processor, which hashes the password. */
const REQUESTS: LoadRequest[] = [
  { method: 'GET', path: '/api/v1/users?id__gte=1' },
  { method: 'POST', path: '/api/v1/user', body: () => newUser() },
];

export const overload: Scenario = {
  name: 'overload',
  guarantee: `At twice the maximum rate of requests the system serves ${SERVED_LIMIT} % of the maximum, and refuses the rest immediately.`,
  env: { LOG_LEVEL: 'warn' },
  async run(system, report) {
    const load = new LoadGenerator(system.gatewayUrl);
    try {
      for (const request of REQUESTS) await measure(load, request, report);
    } finally {
      load.close();
    }
  },
};

async function measure(load: LoadGenerator, request: LoadRequest, report: Report): Promise<void> {
  const name = `${request.method} ${request.path.replace('/api/v1', '').replace(/\?.*/, '')}`;
  const maximum = () => load.closedLoop(request, CLIENTS, AbortSignal.timeout(SECONDS * 1_000));
  await maximum();
  let maxima = 0;
  let served = 0;
  const refused: LoadAnswer[] = [];
  let other = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const perSecond = successesPerSecond(await maximum());
    const startedAt = performance.now();
    const result = await load.openLoop(request, 2 * perSecond, SECONDS);
    const servedPerSecond = successesPerSecond(result);
    for (const { status } of result.answers) report.count({ status, startedAt, ms: 0 });
    refused.push(...result.answers.filter(({ status }) => status === 503));
    other += result.answers.filter((answer) => !isSuccess(answer) && answer.status !== 503).length;
    maxima += perSecond;
    served += servedPerSecond;
    report.note(`${name}: ${Math.round(servedPerSecond)}/s of ${Math.round(perSecond)}/s`);
  }
  const mean = Math.round(maxima / ROUNDS);
  const refusedS =
    refused.length === 0
      ? 0
      : percentile(
          refused.map(({ ms }) => ms / 1_000),
          0.99,
        );
  report.atLeast(`${name}, served of ${mean}/s`, (100 * served) / maxima, SERVED_LIMIT, ' %');
  report.atMost(`${name}, p99 of refusals`, refusedS, REFUSED_LIMIT_S, ' s');
  report.atMost(`${name}, answers other than success and 503`, other, 0);
}

const isSuccess = ({ status }: LoadAnswer) => status >= 200 && status < 300;
const successesPerSecond = ({ answers, seconds }: LoadResult) => answers.filter(isSuccess).length / seconds;
