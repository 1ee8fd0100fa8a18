import { describe, expect, it } from '@jest/globals';
import { LimitedRoutes } from './limited-routes.js';

const limited = (...routes: string[]) => Object.assign(new LimitedRoutes(), { routes });

describe('LimitedRoutes', () => {
  it('accepts the stored path of a limited route', () => {
    expect(() => limited('api/v1/tasks/task').expect('api_v1_tasks_task')).not.toThrow();
    expect(() => limited('api/v1/user/{username}').expect('api_v1_user_{username}')).not.toThrow();
  });

  it.each(['api_v1_tasks', 'api_v1_user_ada', ''])('rejects %j, and lists the limited routes', (path) => {
    const work = () => limited('api/v1/tasks/task', 'api/v1/user/{username}').expect(path);

    expect(work).toThrow(
      expect.objectContaining({
        status: 422,
        fields: [
          {
            loc: ['body', 'path'],
            type: 'value_error',
            msg: expect.stringMatching(/These are: api\/v1\/tasks\/task, api\/v1\/user\/\{username\}$/),
          },
        ],
      }),
    );
  });

  it('says so when no route is limited', () => {
    expect(() => limited().expect('x')).toThrow(
      expect.objectContaining({ fields: [expect.objectContaining({ msg: expect.stringMatching(/none$/) })] }),
    );
  });
});
