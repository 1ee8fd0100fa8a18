// Generates features, a service, a job and events in a fresh clone; lints, tests and calls them; removes them, after which
// git has no difference. Last, the clone is renamed.
// Usage: node tests/system/extend.ts
import { spawnSync } from 'node:child_process';
import { Clone } from './clone.ts';

const FIELDS = 'title:string:2..30 rating:int:1..5 spoiler:bool watched_at:datetime?';
const clone = new Clone('extend');

/** Commands that are refused, and a part of the reason. */
const REFUSED: [command: string, reason: string][] = [
  ['gen feature posts', 'takes service and name'],
  ['gen service media --fields title:string', 'takes no fields'],
  ['gen feature posts post', 'exists already'],
  ['gen feature posts refresh', 'is taken, by a route'],
  ['gen feature posts class', 'has another meaning'],
  ['gen feature posts thing --fields page:int', 'cannot be called page'],
  ['gen service order', 'is taken'],
  ['gen job prune-tasks', 'There is a job prune_tasks already'],
  ['gen event posts post.created', 'publishes post.created already'],
  ['remove sessions', 'Nothing that can be removed'],
];

try {
  clone.npm('gen', 'feature', 'posts', 'review', '--fields', FIELDS);
  clone.npm('gen', 'feature', 'users', 'badge'); // a service without a cache
  clone.npm('gen', 'service', 'media');
  clone.npm('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url note:text?');
  clone.npm('gen', 'job', 'mail.welcome', '--fields', 'user_id:int language:string:2..5? send_at:datetime?');
  clone.npm('gen', 'event', 'media', 'picture.published');
  clone.npm('gen', 'event', 'posts', 'post.archived');

  clone.bin('tsc', '-b');
  clone.lint();
  clone.sync();
  clone.test('media', 'posts', 'worker', 'contracts', 'migrations');
  clone.journeys('reviews', 'badges', 'pictures', 'access', 'dead-letters', 'documentation', 'health');
  if (hasDocker()) clone.run('docker', ['compose', 'config', '--quiet']);

  for (const name of ['mail.welcome', 'post.archived', 'media', 'badges', 'reviews'])
    clone.npm('remove', name);
  const left = clone.run('git', ['status', '--porcelain']);
  if (left) throw new Error(`These files differ after the generated code has been removed:\n${left}`);

  clone.step(`${REFUSED.length} commands that are refused`, () => REFUSED.forEach(refuses));
  clone.npm('rename', 'my-shop');
  if (clone.run('git', ['grep', '--count', '@repo/'], { allowed: [0, 1] }))
    throw new Error('Some files still have the old scope @repo.');
  clone.lint();
  clone.sync();
  clone.test('config', 'contracts', 'api-client', 'tools');
  await clone.startAndTour();

  console.log(
    `${clone.typed} commands typed; generated, linted, tested, called and removed without a difference in ${clone.seconds} s`,
  );
} finally {
  clone.remove();
}

/** Throws unless the command gives its reason and leaves the tree unchanged. */
function refuses([command, reason]: [command: string, reason: string]): void {
  const [script = '', ...args] = command.split(' ');
  const output = clone.run('npm', ['run', '--silent', script, '--', ...args], { allowed: [1] });
  if (!output.includes(reason)) throw new Error(`"${command}" is refused with:\n${output}`);
  if (clone.run('git', ['status', '--porcelain'])) throw new Error(`"${command}" has changed files.`);
}

function hasDocker(): boolean {
  return spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}
