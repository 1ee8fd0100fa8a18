import { afterAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@repo/core';
import { HashingProcess } from './hashing-process.js';
import { DUMMY_HASH, MAX_RUNNING, MAX_WAITING, PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher();
afterAll(() => hasher.onApplicationShutdown());

describe('PasswordHasher', () => {
  it('creates argon2id hashes with the parameters that OWASP recommends', async () => {
    expect(await hasher.hash('correct-horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('salts hashes: two hashes of a password differ and both verify', async () => {
    const [first, second] = [await hasher.hash('correct-horse'), await hasher.hash('correct-horse')];

    expect(first).not.toBe(second);
    expect(await hasher.verify(first, 'correct-horse')).toBe(true);
    expect(await hasher.verify(second, 'correct-horse')).toBe(true);
  });

  it.each(['Correct-horse', 'correct-horse ', '', 'correct'])('does not verify %j', async (password) => {
    expect(await hasher.verify(await hasher.hash('correct-horse'), password)).toBe(false);
  });

  it('treats composed and decomposed Unicode letters as equal', async () => {
    expect(await hasher.verify(await hasher.hash('caf\u00e9-password'), 'cafe\u0301-password')).toBe(true);
  });

  it('compares all characters of a long password', async () => {
    const hash = await hasher.hash(`${'x'.repeat(127)}a`);

    expect(await hasher.verify(hash, `${'x'.repeat(127)}b`)).toBe(false);
  });

  it('returns false without a hash, at the cost of a comparison', async () => {
    const costOf = (hash: string) => hash.split('$').slice(0, 4);

    expect(await hasher.verify(undefined, 'correct-horse')).toBe(false);
    expect(costOf(DUMMY_HASH)).toEqual(costOf(await hasher.hash('correct-horse')));
  });

  it('verifies as many as may run and wait in parallel and returns 503 to the others', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: MAX_RUNNING + MAX_WAITING + 2 }, () => hasher.verify(undefined, 'x')),
    );

    const refused = results.filter((result) => result.status === 'rejected');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_RUNNING + MAX_WAITING);
    expect(refused.map(({ reason }) => reason.status)).toEqual([503, 503]);
    expect(await hasher.verify(undefined, 'x')).toBe(false);
  });

  it('throws from expectRoom while the queue is full', async () => {
    expect(() => hasher.expectRoom()).not.toThrow();
    const attempts = Array.from({ length: MAX_RUNNING + MAX_WAITING }, () => hasher.verify(undefined, 'x'));

    expect(() => hasher.expectRoom()).toThrow(UnavailableError);

    await Promise.all(attempts);
    expect(() => hasher.expectRoom()).not.toThrow();
  });
});

describe('HashingProcess', () => {
  it('rejects the job with 503 when the process ends, and starts another one for the next job', async () => {
    const hashing = new HashingProcess();
    const interrupted = hashing.run({ password: 'correct-horse' });
    hashing.stop();

    await expect(interrupted).rejects.toMatchObject({ status: 503 });
    expect(await hashing.run({ password: 'correct-horse' })).toMatch(/^\$argon2id\$/);
    hashing.stop();
  });

  it('rejects a job that exceeds the time limit with 503', async () => {
    const hashing = new HashingProcess(1);

    await expect(hashing.run({ password: 'correct-horse' })).rejects.toMatchObject({ status: 503 });
  });
});
