import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { undeclaredRoutes } from '@repo/testing';
import { type PostsApp, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

it('says of every route who may call it', () => {
  expect(undeclaredRoutes(app.nest)).toEqual([]);
});
