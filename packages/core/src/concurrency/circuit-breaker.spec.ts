import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '../errors/app-error.js';
import { waitFor } from '../testing/wait-for.js';
import { CircuitBreaker } from './circuit-breaker.js';

const fail = () => Promise.reject(new Error('no answer'));
const succeed = () => Promise.resolve('answer');

async function openBreaker(): Promise<CircuitBreaker> {
  const breaker = new CircuitBreaker('server');
  for (let call = 0; call < 3; call++) await breaker.run(fail).catch(() => undefined);
  return breaker;
}

describe('CircuitBreaker', () => {
  it('opens after three failures in a row and makes no call while it is open', async () => {
    const breaker = await openBreaker();
    let calls = 0;

    const refused = breaker.run(async () => (calls += 1));

    await expect(refused).rejects.toBeInstanceOf(UnavailableError);
    expect([breaker.state, calls]).toEqual(['open', 0]);
  });

  it('stays closed when calls succeed in between', async () => {
    const breaker = new CircuitBreaker('server');
    for (const call of [fail, fail, succeed, fail, fail])
      await breaker.run<unknown>(call).catch(() => undefined);

    expect(breaker.state).toBe('closed');
  });

  it('stays closed when the error is not a failure of the server', async () => {
    const breaker = new CircuitBreaker('server');
    for (let call = 0; call < 5; call++) await breaker.run(fail, () => false).catch(() => undefined);

    expect(breaker.state).toBe('closed');
  });

  it('makes one test call when it is half-open, and closes when that succeeds', async () => {
    const breaker = await openBreaker();
    await waitFor(() => breaker.state === 'half-open');
    const test = Promise.withResolvers<string>();

    const first = breaker.run(() => test.promise);
    await expect(breaker.run(succeed)).rejects.toBeInstanceOf(UnavailableError);
    test.resolve('answer');

    expect(await first).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  it('opens again when the test call fails', async () => {
    const breaker = await openBreaker();
    await waitFor(() => breaker.state === 'half-open');

    await breaker.run(fail).catch(() => undefined);

    expect(breaker.state).toBe('open');
  });
});
