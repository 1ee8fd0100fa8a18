import { Failure } from '../../tools/lib/failure.ts';
import { LoadGenerator, type LoadRequest } from '../../tests/support/load-generator.ts';
import { percentile } from '../../tests/support/statistics.ts';

/** A busy service sheds some of the load. */
const MAX_REFUSED = 0.05;

export interface Load extends LoadRequest {
  baseUrl: string;
  connections?: number;
  seconds?: number;
}

interface LoadFigures {
  perSecond: number;
  /** Requests that succeeded. */
  count: number;
  p50: number;
  p99: number;
}

/** Sends one request again and again over kept connections. More than a few refusals are a Failure. */
export async function runLoad({
  baseUrl,
  connections = 32,
  seconds = 2,
  ...request
}: Load): Promise<LoadFigures> {
  const load = new LoadGenerator(baseUrl);
  const result = await load.closedLoop(request, connections, AbortSignal.timeout(seconds * 1_000));
  load.close();
  const succeeded = result.answers.filter(({ status }) => status >= 200 && status < 300);
  if (succeeded.length < (1 - MAX_REFUSED) * result.answers.length)
    throw new Failure(
      `${request.method} ${request.path}: only ${succeeded.length} of ${result.answers.length} requests succeeded.`,
    );
  const times = succeeded.map(({ ms }) => ms);
  return {
    perSecond: succeeded.length / result.seconds,
    count: succeeded.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}
