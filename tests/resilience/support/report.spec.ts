import { describe, expect, it } from '@jest/globals';
import { Report } from './report.js';

const answer = (status: number) => ({ status, startedAt: 0, ms: 1 });

describe('a report', () => {
  it('counts a success as acknowledged, a 4xx as refused, and whatever else as unknown', () => {
    const report = new Report('row');

    for (const status of [200, 201, 404, 503, 500, 0]) report.count(answer(status));

    expect(report.counts).toEqual({ attempted: 6, acknowledged: 2, refused: 1, unknown: 3 });
  });

  it('is broken by what was acknowledged and is not seen, not by what is seen besides', () => {
    const [kept, broken] = [new Report('kept'), new Report('broken')];

    kept.compare(['a'], new Set(['a', 'unknown']));
    broken.compare(['a', 'b'], new Set(['a']));

    expect([kept.kept, broken.kept]).toEqual([true, false]);
  });

  it('is broken by a limit that is missed, by an end that is not reached, and by measuring nothing', () => {
    const [late, failed, empty] = [new Report('late'), new Report('failed'), new Report('empty')];

    late.atMost('recovery', 5.1, 5, ' s');
    failed.atMost('lost', 0, 0);
    failed.fail(new Error('It broke'));

    expect([late.kept, failed.kept, empty.kept]).toEqual([false, false, false]);
  });
});
