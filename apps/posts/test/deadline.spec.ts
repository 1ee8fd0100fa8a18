import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aName, type PostsApp, problem, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

it('answers within five seconds, whatever it waits for', async () => {
  app.users.findByUsername = () => new Promise(() => undefined);
  const since = performance.now();

  const answer = await app.api(`GET /${aName()}/posts`);

  expect(answer).toMatchObject(problem(503, 'The service is temporarily unavailable.'));
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
  expect(performance.now() - since).toBeGreaterThan(4_900);
});
