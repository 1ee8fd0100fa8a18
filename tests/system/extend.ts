// @ts-check
// The newcomer's path, and back: in a fresh clone a feature and a service are generated, checked, tested, migrated and
// called through the gateway; then they are removed, and nothing is left of them. Last the clone gets a name of its own.
// Usage: node tests/system/extend.ts
import { spawnSync } from 'node:child_process';
import { Clone } from './clone.ts';

const FIELDS = 'title:string:2..30 rating:int:1..5 spoiler:bool watched_at:datetime?';
const clone = new Clone('extend');

/** What cannot be made, and a word of the reason. */
const REFUSED = [
  ['gen feature posts post', 'is there already'],
  ['gen feature posts refresh', 'is taken, by a route'],
  ['gen feature posts class', 'has a meaning of its own'],
  ['gen feature posts thing --fields page:int', 'cannot be called page'],
  ['gen service order', 'is taken'],
  ['gen job prune-tasks', 'There is a job prune_tasks already'],
  ['gen event posts post.created', 'already'],
  ['remove sessions', 'There is nothing to remove'],
];

try {
  clone.npm('gen', 'feature', 'posts', 'review', '--fields', FIELDS);
  clone.npm('gen', 'feature', 'users', 'badge'); // where there is no cache yet
  clone.npm('gen', 'service', 'media');
  clone.npm('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url note:text?');
  clone.npm('gen', 'job', 'mail.welcome', '--fields', 'user_id:int language:string:2..5? send_at:datetime?');
  clone.npm('gen', 'event', 'media', 'picture.published');
  clone.npm('gen', 'event', 'posts', 'post.archived');

  clone.bin('tsc', '-b');
  clone.bin('oxlint', '--deny-warnings');
  clone.bin('depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'tests');
  clone.node('tools/sync/sync.ts', '--check');
  clone.node('tools/test/test.ts', 'media', 'posts', 'worker', 'contracts', 'migrations');
  clone.journeys('reviews', 'badges', 'pictures', 'access', 'dead-letters', 'documentation', 'health');
  if (dockerIsThere()) clone.run('docker', ['compose', 'config', '--quiet']);

  clone.npm('remove', 'mail.welcome');
  clone.npm('remove', 'post.archived');
  clone.npm('remove', 'media');
  clone.npm('remove', 'badges');
  clone.npm('remove', 'reviews');
  const left = clone.run('git', ['status', '--porcelain']);
  if (left) throw new Error(`The generated code is removed, and this is left of it:\n${left}`);

  clone.step(`${REFUSED.length} commands that are refused`, () => REFUSED.forEach(refuses));
  clone.npm('rename', 'my-shop');
  if (clone.run('git', ['grep', '--count', '@repo/'], { good: [0, 1] }))
    throw new Error('The old scope is still named.');
  clone.bin('oxfmt', '--check', '.');
  clone.bin('oxlint', '--deny-warnings');
  clone.bin('depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'tests');
  clone.node('tools/test/test.ts', 'config', 'contracts', 'api-client', 'tools');
  await clone.startAndTour();

  console.log(
    `${clone.typed} commands typed; generated, checked, tested, called, and removed without a trace in ${clone.seconds} s`,
  );
} finally {
  clone.remove();
}

/** With a reason, and without touching a file. @param {string[]} refused */
function refuses([command = '', reason = '']) {
  const [script = '', ...args] = command.split(' ');
  const said = clone.run('npm', ['run', '--silent', script, '--', ...args], { good: [1] });
  if (!said.includes(reason)) throw new Error(`"${command}" is refused with:\n${said}`);
  if (clone.run('git', ['status', '--porcelain'])) throw new Error(`"${command}" has touched a file.`);
}

function dockerIsThere() {
  return spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}
