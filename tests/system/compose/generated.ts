import assert from 'node:assert/strict';
import { step } from '../../../tools/lib/progress.ts';
import { api } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { Clone } from '../clone.ts';
import { Stack } from './stack.ts';

const SERVICES = ['nginx', 'auth', 'users', 'media'];

/** A generated service runs in compose, and its removal leaves no trace. */
export async function generated({ project }: Stack): Promise<void> {
  const clone = new Clone('generated');
  process.env.TAG = project;
  const stack = await Stack.named(project, clone.folder);
  try {
    clone.npm('gen', 'service', 'media');
    clone.npm('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url');
    await step('build', () => stack.compose('build', '--quiet', ...SERVICES));
    await step(`up ${SERVICES.join(' ')}`, () => stack.up(...SERVICES));
    await serves();
    await removeStack(stack);
    clone.npm('remove', 'media');
    assert.equal(clone.run('git', ['status', '--porcelain']), '');
  } finally {
    await stack.down();
    delete process.env.TAG;
    clone.remove();
  }
}

/** Removes the images as well: their tag is of this run. */
async function removeStack(stack: Stack): Promise<void> {
  const services = Object.entries((await stack.config()).services);
  const built = services.filter(([name, { build }]) => build && SERVICES.includes(name));
  await stack.down();
  await stack.docker('image', 'rm', '--force', ...built.map(([, { image }]) => image));
}

async function serves(): Promise<void> {
  const { token } = await createUser();
  const picture = { title: 'Sunset', address: 'https://example.com/sunset.png' };
  const created = await api('POST /picture', { token, body: picture });
  const { body } = await api(`GET /picture/${created.body.id}`);
  assert.deepEqual([body.title, body.address], [picture.title, picture.address]);
}
