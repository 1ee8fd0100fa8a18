import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { undeclaredRoutes } from '@repo/testing';
import { type JobsApp, startJobs } from './jobs-app.js';

let app: JobsApp;

beforeAll(async () => {
  app = await startJobs();
});

afterAll(() => app.close());

it('every route declares who may call it', () => {
  expect(undeclaredRoutes(app.nest)).toEqual([]);
});
