// Removes posts in a fresh clone, and jobs with its worker in another. The rest has to pass its tests and to start.
// Usage: node tests/system/removed.ts [posts | jobs]
import { SERVICES } from '../../infra/services.ts';
import { Clone } from './clone.ts';

const REMOVED = { posts: ['posts'], jobs: ['jobs', 'worker'] };

const names = process.argv[2] ? [process.argv[2]] : Object.keys(REMOVED);
for (const name of names) await testWithout(name as keyof typeof REMOVED);

async function testWithout(name: keyof typeof REMOVED): Promise<void> {
  const clone = new Clone(`without-${name}`);
  try {
    clone.npm('remove', name);
    const apps = Object.keys(SERVICES).filter((app) => !REMOVED[name].includes(app));
    clone.lint();
    clone.sync();
    clone.node('--test', 'nginx/*.test.ts');
    const suites = ['contracts', 'api-client', 'examples', 'tools', 'migrations', ...apps, 'tests'];
    clone.node('tools/test/test.ts', ...suites);
    await clone.startAndTour();
    console.log(`without ${REMOVED[name].join(' and ')}: tested and started in ${clone.seconds} s`);
  } finally {
    clone.remove();
  }
}
