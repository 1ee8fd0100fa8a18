import type { MetricObjectWithValues, MetricValueWithName, Registry } from '@prometheus-io/client';

const NAME = 'http_request_duration_seconds';
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type Labels = { method: string; route: string; status: number };

/** The durations of the requests with the same labels. */
export class DurationSeries {
  /** Requests by bucket; the last one is for those above all buckets. */
  readonly counts = new Float64Array(BUCKETS.length + 1);
  sum = 0;

  constructor(readonly labels: Labels) {}

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]!) bucket += 1;
    this.counts[bucket]! += 1;
    this.sum += seconds;
  }
}

/**
 * The Prometheus histogram of requests. An observation increments an array element, and labels are combined when the
 * metrics are read; the client library combines them at each observation, which costs 4 µs.
 */
export class RequestDurations {
  readonly name = NAME;
  readonly type = 'histogram';
  private readonly all: DurationSeries[] = [];

  constructor(registry: Registry) {
    registry.registerMetric(this as unknown as Parameters<Registry['registerMetric']>[0]);
  }

  series(labels: Labels): DurationSeries {
    const series = new DurationSeries(labels);
    this.all.push(series);
    return series;
  }

  /** Called by the registry. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    return Promise.resolve({
      name: NAME,
      help: 'Time from the request to its response, by route template',
      type: this.type,
      aggregator: 'sum',
      values: this.all.flatMap(valuesOf),
    } as unknown as MetricObjectWithValues<MetricValueWithName<string>>);
  }
}

/** The cumulative counts of a series, its sum and its count, as Prometheus has them. */
function valuesOf({ counts, sum, labels }: DurationSeries): MetricValueWithName<string>[] {
  let count = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, index) => {
    count += counts[index]!;
    return { metricName: `${NAME}_bucket`, labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: count },
  ];
}
