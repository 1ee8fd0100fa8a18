import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { undeclaredRoutes } from '@repo/testing';
import { type PostsApp, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

it('declares the access of every route', () => {
  expect(undeclaredRoutes(app.nest)).toEqual([]);
});
