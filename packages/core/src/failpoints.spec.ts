import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { armFailpoints, failpoint } from './failpoints.js';

const kill = jest.spyOn(process, 'kill').mockReturnValue(true);

describe('a failpoint', () => {
  afterEach(() => void kill.mockClear());

  it('does nothing unless it is armed', () => {
    armFailpoints([]);

    failpoint('outbox.before-publish');

    expect(kill).not.toHaveBeenCalled();
  });

  it('kills the process at the given pass', () => {
    armFailpoints(['outbox.before-delete@3']);

    for (let time = 1; time < 3; time++) failpoint('outbox.before-delete');
    expect(kill).not.toHaveBeenCalled();

    failpoint('outbox.before-delete');
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });
});
