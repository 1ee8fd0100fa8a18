// Removes posts in a fresh clone, and jobs with its worker in another. The rest has to pass npm test and to start, and no
// page may have a command or a path of what was removed.
// Usage: node tests/system/removed.ts [posts | jobs]
import { Clone } from './clone.ts';

const REMOVED: Record<string, string[]> = { posts: ['posts'], jobs: ['jobs', 'worker'] };
const PAGES = ['README.md', 'CONTRIBUTING.md', 'apps', 'docs', ':!docs/decisions', ':!docs/performance.md'];

for (const name of process.argv[2] ? [process.argv[2]] : Object.keys(REMOVED)) {
  const clone = new Clone(`without-${name}`);
  try {
    clone.npm('remove', name);
    clone.test();
    for (const service of REMOVED[name] ?? []) assertNotNamed(clone, service);
    await clone.startAndTour();
    console.log(`without ${name}, tested and started: ${clone.age}`);
  } finally {
    clone.remove();
  }
}

/** Throws when a page names a removed service in a command or a path; examples of code may. */
function assertNotNamed(clone: Clone, service: string): void {
  const pattern = `^(?!<!-- was in ).*(-- |--scale |--filter[ =]|apps/|contracts/src/)${service}\\b`;
  clone.run('git', ['grep', '-nP', pattern, '--', ...PAGES], 1);
}
