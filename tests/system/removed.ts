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
    clone.step('pages', () => REMOVED[name]?.forEach((service) => findReferences(clone, service)));
    await clone.startAndTour();
    console.log(`without ${name}: tested and started in ${clone.seconds} s`);
  } finally {
    clone.remove();
  }
}

/** Throws when a page names a removed service in a command or a path; examples of code may. */
function findReferences(clone: Clone, service: string): void {
  const pattern = `(-- |--scale |--filter[ =]|apps/|contracts/src/)${service}\\b`;
  const found = clone.run('git', ['grep', '-nP', `^(?!<!-- was in ).*${pattern}`, '--', ...PAGES], {
    allowed: [0, 1],
  });
  if (found) throw new Error(`These pages name ${service}, which was removed:\n${found}`);
}
