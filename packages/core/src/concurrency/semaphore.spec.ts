import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '../errors/index.js';
import { waitFor } from '../testing/wait-for.js';
import { InFlight, KeyedQueue, Semaphore } from './semaphore.js';

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Limit', () => {
  it('lets no more run at once than it is told, and everything in the end', async () => {
    const limit = new Semaphore(2);
    const gates = [deferred(), deferred(), deferred()];
    const started: number[] = [];
    const all = Promise.all(gates.map((gate, i) => limit.run(() => (started.push(i), gate.promise))));

    await turn();
    expect(started).toEqual([0, 1]);
    gates[1]!.resolve();
    await turn();
    expect(started).toEqual([0, 1, 2]);

    for (const gate of gates) gate.resolve();
    await all;
  });

  it('refuses whom it would keep waiting behind too many', async () => {
    const limit = new Semaphore(1, { maxWaiting: 1 });
    const gate = deferred();
    const all = Promise.all([limit.run(() => gate.promise), limit.run(() => 'waited')]);

    await expect(limit.run(() => 'too late')).rejects.toThrow(UnavailableError);

    gate.resolve();
    await expect(all).resolves.toEqual([undefined, 'waited']);
    await expect(limit.run(() => 'later')).resolves.toBe('later');
  });

  it('lets the next one start when one hangs, and gives its place away only once', async () => {
    const limit = new Semaphore(1, { maxHeldMs: 20 });
    const [hanging, second] = [deferred(), deferred()];
    const first = limit.run(() => hanging.promise.then(() => 'first'));
    const started: string[] = [];
    const others = ['second', 'third'].map((name) =>
      limit.run(() => (started.push(name), second.promise.then(() => name))),
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

describe('KeyedQueue', () => {
  it('keeps the order within a key, also after a failure, and holds up no other key', async () => {
    const queue = new KeyedQueue();
    const gate = deferred();
    const done: string[] = [];
    const first = queue.run('a', () => gate.promise.then(() => Promise.reject(new Error('no'))));
    const second = queue.run('a', async () => void done.push('a2'));
    await queue.run('b', async () => void done.push('b1'));
    expect(done).toEqual(['b1']);

    gate.resolve();

    await expect(first).rejects.toThrow('no');
    await second;
    expect(done).toEqual(['b1', 'a2']);
  });
});

describe('InFlight', () => {
  it('waits for what runs, but not for ever', async () => {
    const inFlight = new InFlight();
    const gate = deferred();
    void inFlight.track(gate.promise);

    await inFlight.settled(20);
    expect(inFlight.size).toBe(1);

    gate.resolve();
    await inFlight.settled(60_000);
    expect(inFlight.size).toBe(0);
  });
});
