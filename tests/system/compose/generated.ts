// @ts-check
import assert from 'node:assert/strict';
import { Clone } from '../clone.ts';
import { Stack, timed } from './stack.ts';

const SERVICES = ['nginx', 'auth', 'users', 'media'];

/**
 * A service that has just been generated runs in compose at once, and leaves no trace when it is removed.
 *
 * @param {Stack} outer  gives the name of the project
 */
export async function generated({ project }) {
  const clone = new Clone('generated');
  Object.assign(process.env, { TAG: project });
  const stack = await Stack.named(project, clone.folder);
  try {
    clone.npm('gen', 'service', 'media');
    clone.npm('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url');
    await timed('build', () => stack.compose('build', '--quiet', ...SERVICES));
    await timed(`up ${SERVICES.join(' ')}`, () => stack.up(...SERVICES));
    await serves(stack);
    await takeDown(stack);
    clone.npm('remove', 'media');
    assert.equal(clone.run('git', ['status', '--porcelain']), '');
  } finally {
    await stack.down();
    delete process.env.TAG;
    clone.remove();
  }
}

/** With the images that were built for it, which are of no use to anybody else. @param {Stack} stack */
async function takeDown(stack) {
  const services = Object.entries(await stack.services());
  const built = services.filter(([name, { build }]) => build && SERVICES.includes(name));
  await stack.down();
  await stack.docker('image', 'rm', '--force', ...built.map(([, { image }]) => image));
}

/** @param {Stack} stack */
async function serves({ client }) {
  const { token } = await client.join();
  const picture = { title: 'Sunset', address: 'https://example.com/sunset.png' };
  const { id } = await client.get('POST /api/v1/picture', { token, body: picture });
  const { body } = await client.call(`GET /api/v1/picture/${id}`);
  assert.deepEqual([body.title, body.address], [picture.title, picture.address]);
}
