// @ts-check
// A team starts with what it needs: posts are removed, and in another clone jobs with its worker. What is left has to pass
// its tests, and to start.
// Usage: node tests/system/removed.ts [posts | jobs]
import { SERVICES } from '../../infra/services.ts';
import { Clone } from './clone.ts';

const GONE = { posts: ['posts'], jobs: ['jobs', 'worker'] };

for (const name of process.argv[2] ? [process.argv[2]] : Object.keys(GONE))
  await without(/** @type {keyof typeof GONE} */ (name));

/** @param {keyof typeof GONE} name */
async function without(name) {
  const clone = new Clone(`without-${name}`);
  try {
    clone.npm('remove', name);
    const apps = Object.keys(SERVICES).filter((app) => !GONE[name].includes(app));
    clone.bin('oxlint', '--deny-warnings');
    clone.bin(
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'packages',
      'docs/examples',
      'tests',
    );
    clone.node('tools/sync/sync.ts', '--check');
    clone.node('--test', 'nginx/gateway.test.ts');
    clone.node(
      'tools/test/test.ts',
      'contracts',
      'api-client',
      'examples',
      'tools',
      'migrations',
      ...apps,
      'tests',
    );
    await clone.startAndTour();
    console.log(`without ${GONE[name].join(' and ')}: tested and started in ${clone.seconds} s`);
  } finally {
    clone.remove();
  }
}
