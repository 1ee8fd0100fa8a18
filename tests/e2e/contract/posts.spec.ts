import { api } from '../../support/gateway.js';
import { join, superuser } from '../../support/people.js';
import { makePost } from '../../support/posts.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { cursorPageOf, pageOf, POST } from '../../support/shapes.js';

const BODY = { title: 'A title', text: 'A text.', media_url: 'https://www.example.com/image.png' };
const NOBODY = 'nobodyatall';
const NOT_OWNER = 'Request forbidden -- authorization will not help';

async function makeWorld() {
  const admin = await superuser();
  const [owner, stranger, gone] = [await join(), await join(), await join()];
  const [id, foreignId, deletedId, goneId] = [
    await makePost(owner),
    await makePost(stranger),
    await makePost(owner),
    await makePost(gone),
  ];
  await api(`DELETE /${owner.username}/post/${deletedId}`, { token: owner.token });
  await api(`DELETE /user/${gone.username}`, { token: gone.token });
  return { admin, owner, stranger, gone, id, foreignId, deletedId, goneId };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

/** What a caller with a token does with a post in the owner's path. */
const withPost =
  (body?: object, caller: 'owner' | 'stranger' = 'owner') =>
  ({ id, ...world }: World) => ({
    path: { username: world.owner.username, id },
    token: world[caller].token,
    body,
  });
const withOther =
  (post: 'foreignId' | 'deletedId', body?: object) =>
  ({ owner, ...world }: World) => ({
    path: { username: owner.username, id: world[post] },
    token: owner.token,
    body,
  });
const ofNobody =
  (body?: object) =>
  ({ owner, id }: World) => ({ path: { username: NOBODY, id }, token: owner.token, body });
const withNewPost = async ({ owner }: World) => ({
  path: { username: owner.username, id: await makePost(owner) },
  token: owner.token,
});
const asAdmin =
  (post: 'id' | 'foreignId' | 'deletedId', username?: string) =>
  ({ admin, owner, ...world }: World) => ({
    path: { username: username ?? owner.username, id: world[post as 'deletedId'] },
    token: admin,
  });

const rows: Row<'posts', World>[] = [
  ['POST /{username}/post', 'the owner', withPost(BODY), 201, POST],
  [
    'POST /{username}/post',
    'the longest text there may be',
    withPost({ ...BODY, text: '🙂'.repeat(63_206) }),
    201,
    POST,
  ],
  ['POST /{username}/post', 'nobody', ofNobody(BODY), 404, 'User not found'],
  ['POST /{username}/post', 'somebody else', withPost(BODY, 'stranger'), 403, NOT_OWNER],
  [
    'POST /{username}/post',
    'no title, a bad link',
    withPost({ text: 'A text.', media_url: 'javascript:alert(1)' }),
    422,
    [
      { loc: ['body', 'title'], type: 'missing' },
      { loc: ['body', 'media_url'], type: 'value_error' },
    ],
  ],

  ['GET /{username}/posts', 'a user', ({ owner }) => ({ path: owner }), 200, pageOf(POST)],
  [
    'GET /{username}/posts',
    'a cursor',
    ({ owner }) => ({ path: owner, query: 'cursor=' }),
    200,
    cursorPageOf(POST),
  ],
  ['GET /{username}/posts', 'nobody', () => ({ path: { username: NOBODY } }), 404, 'User not found'],
  ['GET /{username}/posts', 'a deleted user', ({ gone }) => ({ path: gone }), 404, 'User not found'],
  [
    'GET /{username}/posts',
    'a page that is no number',
    ({ owner }) => ({ path: owner, query: 'page=one' }),
    422,
    [{ loc: ['query', 'page'], type: 'int_parsing' }],
  ],

  ['GET /{username}/post/{id}', 'a post', withPost(), 200, POST],
  ['GET /{username}/post/{id}', 'nobody', ofNobody(), 404, 'User not found'],
  [
    'GET /{username}/post/{id}',
    'a deleted user',
    ({ gone, goneId: id }) => ({ path: { username: gone.username, id } }),
    404,
    'User not found',
  ],
  ['GET /{username}/post/{id}', 'another owner’s', withOther('foreignId'), 404, 'Post not found'],
  ['GET /{username}/post/{id}', 'a deleted one', withOther('deletedId'), 404, 'Post not found'],
  [
    'GET /{username}/post/{id}',
    'one that never was',
    ({ owner: { username } }) => ({ path: { username, id: 2_147_483_647 } }),
    404,
    'Post not found',
  ],
  [
    'GET /{username}/post/{id}',
    'an id that is none',
    ({ owner: { username } }) => ({ path: { username, id: 'first' } }),
    422,
    [{ loc: ['path', 'id'], type: 'int_parsing' }],
  ],

  ['PATCH /{username}/post/{id}', 'the owner', withPost({ title: 'Another' }), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'nothing to change', withPost({}), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'no link any more', withPost({ media_url: null }), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'nobody', ofNobody({}), 404, 'User not found'],
  ['PATCH /{username}/post/{id}', 'somebody else', withPost({}, 'stranger'), 403, NOT_OWNER],
  ['PATCH /{username}/post/{id}', 'another owner’s', withOther('foreignId', {}), 404, 'Post not found'],
  ['PATCH /{username}/post/{id}', 'a deleted one', withOther('deletedId', {}), 404, 'Post not found'],
  [
    'PATCH /{username}/post/{id}',
    'a null title',
    withPost({ title: null }),
    422,
    [{ loc: ['body', 'title'], type: 'string_type' }],
  ],

  ['DELETE /{username}/post/{id}', 'nobody', ofNobody(), 404, 'User not found'],
  ['DELETE /{username}/post/{id}', 'somebody else', withPost(undefined, 'stranger'), 403, NOT_OWNER],
  ['DELETE /{username}/post/{id}', 'another owner’s', withOther('foreignId'), 404, 'Post not found'],
  ['DELETE /{username}/post/{id}', 'a deleted one', withOther('deletedId'), 404, 'Post not found'],
  ['DELETE /{username}/post/{id}', 'the owner', withNewPost, 200, 'Post deleted'],

  ['DELETE /{username}/db_post/{id}', 'nobody', asAdmin('id', NOBODY), 404, 'User not found'],
  ['DELETE /{username}/db_post/{id}', 'another owner’s', asAdmin('foreignId'), 404, 'Post not found'],
  [
    'DELETE /{username}/db_post/{id}',
    'a deleted one',
    asAdmin('deletedId'),
    200,
    'Post deleted from the database',
  ],
  ['DELETE /{username}/db_post/{id}', 'one that is gone', asAdmin('deletedId'), 404, 'Post not found'],
];

testRoutes('posts', makeWorld, rows);
