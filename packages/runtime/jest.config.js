import preset from '../../jest.preset.js';

// bullmq goes on waiting for a Redis that never answered, also when its queue is closed: a test of just that leaves a timer.
export default { ...preset, forceExit: true };
