import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestApp, undeclaredRoutes } from '@repo/testing';
import { startDepot } from './depot-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startDepot();
});

afterAll(() => app.close());

it('declares for each route who may call it', () => {
  expect(undeclaredRoutes(app.nest)).toEqual([]);
});
