// Generates features, a service, a job and events in a fresh clone; lints, tests and calls them; removes them, after which
// git has no difference. Last, the clone is renamed, and gets a service and a feature again.
// Usage: node tests/system/extend.ts
import assert from 'node:assert/strict';
import { Clone } from './clone.ts';
import { isDockerAvailable } from './compose/available.ts';

const FIELDS = 'title:string:2..30 rating:int:1..5 spoiler:bool watched_at:datetime?';
const JOURNEYS = ['reviews', 'badges', 'pictures', 'access', 'dead-letters', 'documentation', 'health'];

/** Commands that are refused, and a part of the reason. */
const REFUSED = {
  'gen feature posts': 'takes service and name',
  'gen service media --fields title:string': 'takes no fields',
  'gen feature posts post': 'exists already',
  'gen feature posts refresh': 'is taken, by a route',
  'gen feature posts class': 'has another meaning',
  'gen feature posts thing --fields page:int': 'cannot be called page',
  'gen service order': 'is taken',
  'gen job prune-tasks': 'There is a job prune_tasks already',
  'gen event posts post.created': 'publishes post.created already',
  'remove sessions': 'Nothing that can be removed',
};

const clone = new Clone('extend');
try {
  clone.npm('gen', 'feature', 'posts', 'review', '--fields', FIELDS);
  clone.npm('gen', 'feature', 'jobs', 'badge'); // a service without a cache
  clone.npm('gen', 'service', 'media');
  clone.npm('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url note:text?');
  clone.npm('gen', 'job', 'mail.welcome', '--fields', 'user_id:int language:string:2..5? send_at:datetime?');
  clone.npm('gen', 'event', 'media', 'picture.published');
  clone.npm('gen', 'event', 'posts', 'post.archived');

  clone.step('npx', 'tsc', '-b');
  checkStatically();
  clone.test('media', 'posts', 'worker', 'contracts', 'migrations');
  clone.step('npm', '--prefix', 'tests', 'run', 'e2e', '--', `/(${JOURNEYS.join('|')})\\.spec`);
  if (isDockerAvailable()) clone.run('docker', ['compose', 'config', '--quiet']);

  for (const name of ['mail.welcome', 'post.archived', 'media', 'badges', 'reviews'])
    clone.npm('remove', name);
  assert.equal(changes(), '', 'files differ after the generated code has been removed');

  for (const [command, reason] of Object.entries(REFUSED)) {
    const [script = '', ...args] = command.split(' ');
    const output = clone.run('npm', ['run', '--silent', script, '--', ...args], 1);
    assert.ok(output.includes(reason), `"${command}" is refused with:\n${output}`);
    assert.equal(changes(), '', `"${command}" has changed files`);
  }

  clone.npm('rename', 'my-shop');
  clone.run('git', ['grep', '--name-only', '@repo'], 1);
  clone.run('git', ['grep', '--quiet', 'REFRESH_COOKIE_NAME=my_shop_refresh_token', '.env.example']);
  clone.npm('gen', 'service', 'media');
  clone.npm('gen', 'feature', 'media', 'album');
  checkStatically();
  clone.test('config', 'contracts', 'api-client', 'tools');
  await clone.startAndTour();
  console.log(`generated, tested, removed without a difference, and renamed: ${clone.age}`);
} finally {
  clone.remove();
}

function checkStatically(): void {
  clone.test('lint', 'architecture', 'derived-files');
}

function changes(): string {
  return clone.run('git', ['status', '--porcelain']);
}
