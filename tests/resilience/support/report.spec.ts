import { describe, expect, it } from '@jest/globals';
import { Report } from './report.ts';

const answer = (status: number) => ({ status, startedAt: 0, ms: 1 });

describe('Report', () => {
  it('counts 2xx as acknowledged, 4xx as refused, and any other status as unknown', () => {
    const report = new Report('scenario');

    for (const status of [200, 201, 404, 503, 500, 0]) report.count(answer(status));

    expect(report.counts).toEqual({ attempted: 6, acknowledged: 2, refused: 1, unknown: 3 });
  });

  it('is broken when something acknowledged is missing, not when there is more than was acknowledged', () => {
    const [kept, broken] = [new Report('kept'), new Report('broken')];

    kept.compare(['a'], new Set(['a', 'unknown']));
    broken.compare(['a', 'b'], new Set(['a']));

    expect([kept.kept, broken.kept]).toEqual([true, false]);
  });

  it('is broken when a limit is exceeded, when the scenario fails, and when nothing was measured', () => {
    const [late, failed, empty] = [new Report('late'), new Report('failed'), new Report('empty')];

    late.atMost('recovery', 5.1, 5, ' s');
    failed.atMost('lost', 0, 0);
    failed.fail(new Error('It broke'));

    expect([late.kept, failed.kept, empty.kept]).toEqual([false, false, false]);
  });
});
