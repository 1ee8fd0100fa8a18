import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Report } from './report.ts';

const answer = (status: number) => ({ status, startedAt: 0, ms: 1 });

describe('Report', () => {
  it('counts 2xx as acknowledged, 4xx as refused, and any other status as unknown', () => {
    const report = new Report('scenario');

    for (const status of [200, 201, 404, 503, 500, 0]) report.count(answer(status));

    assert.deepEqual(report.counts, { attempted: 6, acknowledged: 2, refused: 1, unknown: 3 });
  });

  it('is broken when something acknowledged is missing, not when there is more than was acknowledged', () => {
    const [kept, broken] = [new Report('kept'), new Report('broken')];

    kept.compare(['a'], new Set(['a', 'unknown']));
    broken.compare(['a', 'b'], new Set(['a']));

    assert.deepEqual([kept.kept, broken.kept], [true, false]);
  });

  it('is broken when a limit is exceeded, when the scenario fails, and when nothing was measured', () => {
    const [late, failed, empty] = [new Report('late'), new Report('failed'), new Report('empty')];

    late.atMost('recovery', 5.1, 5, ' s');
    failed.atMost('lost', 0, 0);
    failed.fail(new Error('It broke'));

    assert.deepEqual([late.kept, failed.kept, empty.kept], [false, false, false]);
  });
});
