import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '../errors/app-error.js';
import { waitFor } from '../testing/wait-for.js';
import { Semaphore } from './semaphore.js';

const gate = () => Promise.withResolvers<void>();
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore', () => {
  it('runs as many operations at the same time as it allows, and all in the end', async () => {
    const semaphore = new Semaphore(2);
    const gates = [gate(), gate(), gate()];
    const started: number[] = [];
    const all = Promise.all(gates.map(({ promise }, i) => semaphore.run(() => (started.push(i), promise))));

    await turn();
    expect(started).toEqual([0, 1]);
    gates[1]!.resolve();
    await turn();
    expect(started).toEqual([0, 1, 2]);

    for (const { resolve } of gates) resolve();
    await all;
  });

  it('refuses an operation when too many wait', async () => {
    const semaphore = new Semaphore(1, { maxWaiting: 1 });
    const first = gate();
    const all = Promise.all([semaphore.run(() => first.promise), semaphore.run(() => 'waited')]);

    await expect(semaphore.run(() => 'too late')).rejects.toThrow(UnavailableError);

    first.resolve();
    await expect(all).resolves.toEqual([undefined, 'waited']);
    await expect(semaphore.run(() => 'later')).resolves.toBe('later');
  });

  it('starts one waiting operation when a running one exceeds its time, and no second one when that ends', async () => {
    const semaphore = new Semaphore(1, { maxHeldMs: 20 });
    const [hanging, second] = [gate(), gate()];
    const first = semaphore.run(() => hanging.promise.then(() => 'first'));
    const started: string[] = [];
    const others = ['second', 'third'].map((name) =>
      semaphore.run(() => (started.push(name), second.promise.then(() => name))),
    );

    await waitFor(() => started.length > 0);
    hanging.resolve();
    await expect(first).resolves.toBe('first');
    await turn();
    expect(started).toEqual(['second']);

    second.resolve();
    await expect(Promise.all(others)).resolves.toEqual(['second', 'third']);
  });
});
