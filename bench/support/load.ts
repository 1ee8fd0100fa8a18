import { Failure } from '../../tools/lib/failure.ts';
import { LoadGenerator, type LoadRequest } from '../../tests/support/load-generator.ts';
import { percentile } from '../../tests/support/statistics.ts';

/** A busy service sheds some of the load: this share of it, or one request. */
const MAX_REFUSED = 0.05;

export interface Load extends Omit<LoadRequest, 'path'> {
  url: string;
  connections?: number;
  seconds?: number;
  /** The status of a success; by default 200 to 299. */
  status?: number;
}

export interface LoadFigures {
  perSecond: number;
  /** Requests that succeeded. */
  count: number;
  p50: number;
  p99: number;
}

/** Sends one request again and again over kept connections. More than a few other statuses are a Failure. */
export async function runLoad({
  url,
  connections = 32,
  seconds = 2,
  status: expected,
  ...request
}: Load): Promise<LoadFigures> {
  const { origin, pathname, search } = new URL(url);
  const load = new LoadGenerator(origin);
  const end = AbortSignal.timeout(seconds * 1_000);
  const result = await load.closedLoop({ ...request, path: pathname + search }, connections, end);
  load.close();
  const succeeded = result.answers.filter(({ status }) =>
    expected === undefined ? status >= 200 && status < 300 : status === expected,
  );
  const refused = result.answers.length - succeeded.length;
  if (refused > Math.max(1, MAX_REFUSED * result.answers.length)) {
    const statuses = [...new Set(result.answers.map(({ status }) => status))].join(', ');
    throw new Failure(
      `${request.method} ${url}: only ${succeeded.length} of ${result.answers.length} requests succeeded (statuses ${statuses}).`,
    );
  }
  return figuresOf(
    succeeded.map(({ ms }) => ms),
    result.seconds,
  );
}

export function figuresOf(times: number[], seconds: number): LoadFigures {
  const count = times.length;
  return { perSecond: count / seconds, count, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
