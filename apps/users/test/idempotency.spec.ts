import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { TestApp, TestReplica } from '@repo/testing';
import { PASSWORD, refusal, signUpOf, startUsersApp } from './users-app.js';

let app: TestApp;
let other: TestReplica;

const signUp = (key: string, body: object, at: Pick<TestApp, 'api'> = app) =>
  at.api('POST /user', { body, headers: { 'Idempotency-Key': key } });

describe('POST /user with an Idempotency-Key', () => {
  beforeAll(async () => {
    app = await startUsersApp();
    other = await app.replica();
  });
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  it('creates one user and returns it twenty times for twenty simultaneous requests to two replicas', async () => {
    const body = signUpOf();
    const key = randomUUID();

    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, i) => signUp(key, body, i % 2 ? app : other)),
    );

    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(responses[0]).toMatchObject({ status: 201, body: { username: body.username } });
  });

  it('returns 422 for the same key with another password', async () => {
    const body = signUpOf();
    const key = randomUUID();
    await signUp(key, body);

    expect(refusal(await signUp(key, { ...body, password: `${PASSWORD}-2` }))).toEqual({
      status: 422,
      detail: 'This Idempotency-Key was used for another request.',
    });
  });

  it('stores neither the key nor the password nor the address of the caller', async () => {
    const key = randomUUID();
    await signUp(key, signUpOf());

    const stored = JSON.stringify(await app.database.query('SELECT * FROM users.idempotency_keys'));

    for (const secret of [key, PASSWORD, '127.0.0.1']) expect(stored).not.toContain(secret);
  });

  it('accepts the key again after a sign-up that returned 422', async () => {
    const taken = signUpOf();
    await app.api('POST /user', { body: taken });
    const key = randomUUID();

    expect(refusal(await signUp(key, taken))).toEqual({ status: 422, detail: 'Email is already registered' });
    expect((await signUp(key, signUpOf())).status).toBe(201);
  });
});
