import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { uniqueName, type PostsApp, problem, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

it('returns 503 after five seconds while the users service does not respond', async () => {
  app.users.findByUsername = () => new Promise(() => undefined);
  const startedAt = performance.now();

  const response = await app.api(`GET /${uniqueName()}/posts`);

  expect(response).toMatchObject(problem(503, 'The service is temporarily unavailable.'));
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('x-request-id')).toEqual(expect.any(String));
  expect(performance.now() - startedAt).toBeGreaterThan(4_900);
});
