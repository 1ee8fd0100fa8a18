import { api } from '../../support/api.ts';
import { createUser, adminToken } from '../../support/users.ts';
import { createPost } from '../../support/posts.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, POST } from './shapes.ts';

const BODY = { title: 'A title', text: 'A text.', media_url: 'https://www.example.com/image.png' };
const UNKNOWN = 'unknownuser';
const NOT_OWNER = 'Request forbidden -- authorization will not help';

async function createFixture() {
  const admin = await adminToken();
  const [owner, other, deleted] = [await createUser(), await createUser(), await createUser()];
  const [id, foreignId, deletedId, postOfDeleted] = [
    await createPost(owner),
    await createPost(other),
    await createPost(owner),
    await createPost(deleted),
  ];
  await api(`DELETE /${owner.username}/post/${deletedId}`, { token: owner.token });
  await api(`DELETE /user/${deleted.username}`, { token: deleted.token });
  return { admin, owner, other, deleted, id, foreignId, deletedId, postOfDeleted };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** A request about the owner's post. */
const withPost =
  (body?: object, caller: 'owner' | 'other' = 'owner') =>
  ({ id, ...fixture }: Fixture) => ({
    path: { username: fixture.owner.username, id },
    token: fixture[caller].token,
    body,
  });
const withOther =
  (post: 'foreignId' | 'deletedId', body?: object) =>
  ({ owner, ...fixture }: Fixture) => ({
    path: { username: owner.username, id: fixture[post] },
    token: owner.token,
    body,
  });
const ofUnknownUser =
  (body?: object) =>
  ({ owner, id }: Fixture) => ({ path: { username: UNKNOWN, id }, token: owner.token, body });
const withNewPost = async ({ owner }: Fixture) => ({
  path: { username: owner.username, id: await createPost(owner) },
  token: owner.token,
});
const asAdmin =
  (post: 'id' | 'foreignId' | 'deletedId', username?: string) =>
  ({ admin, owner, ...fixture }: Fixture) => ({
    path: { username: username ?? owner.username, id: fixture[post as 'deletedId'] },
    token: admin,
  });

const rows: Row<'posts', Fixture>[] = [
  ['POST /{username}/post', 'the owner', withPost(BODY), 201, POST],
  ['POST /{username}/post', 'the longest text', withPost({ ...BODY, text: '🙂'.repeat(63_206) }), 201, POST],
  ['POST /{username}/post', 'an unknown user', ofUnknownUser(BODY), 404, 'User not found'],
  ['POST /{username}/post', 'another user', withPost(BODY, 'other'), 403, NOT_OWNER],
  [
    'POST /{username}/post',
    'a missing title and an invalid URL',
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
  [
    'GET /{username}/posts',
    'an unknown user',
    () => ({ path: { username: UNKNOWN } }),
    404,
    'User not found',
  ],
  ['GET /{username}/posts', 'a deleted user', ({ deleted }) => ({ path: deleted }), 404, 'User not found'],
  [
    'GET /{username}/posts',
    'a page that is no number',
    ({ owner }) => ({ path: owner, query: 'page=one' }),
    422,
    [{ loc: ['query', 'page'], type: 'int_parsing' }],
  ],

  ['GET /{username}/post/{id}', 'a post', withPost(), 200, POST],
  ['GET /{username}/post/{id}', 'an unknown user', ofUnknownUser(), 404, 'User not found'],
  [
    'GET /{username}/post/{id}',
    'a deleted user',
    ({ deleted, postOfDeleted: id }) => ({ path: { username: deleted.username, id } }),
    404,
    'User not found',
  ],
  ['GET /{username}/post/{id}', 'a post of another user', withOther('foreignId'), 404, 'Post not found'],
  ['GET /{username}/post/{id}', 'a deleted post', withOther('deletedId'), 404, 'Post not found'],
  [
    'GET /{username}/post/{id}',
    'an unknown post',
    ({ owner: { username } }) => ({ path: { username, id: 2_147_483_647 } }),
    404,
    'Post not found',
  ],
  [
    'GET /{username}/post/{id}',
    'an id that is no integer',
    ({ owner: { username } }) => ({ path: { username, id: 'first' } }),
    422,
    [{ loc: ['path', 'id'], type: 'int_parsing' }],
  ],

  ['PATCH /{username}/post/{id}', 'the owner', withPost({ title: 'Another' }), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'an empty body', withPost({}), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'a null media_url', withPost({ media_url: null }), 200, 'Post updated'],
  ['PATCH /{username}/post/{id}', 'an unknown user', ofUnknownUser({}), 404, 'User not found'],
  ['PATCH /{username}/post/{id}', 'another user', withPost({}, 'other'), 403, NOT_OWNER],
  [
    'PATCH /{username}/post/{id}',
    'a post of another user',
    withOther('foreignId', {}),
    404,
    'Post not found',
  ],
  ['PATCH /{username}/post/{id}', 'a deleted post', withOther('deletedId', {}), 404, 'Post not found'],
  [
    'PATCH /{username}/post/{id}',
    'a null title',
    withPost({ title: null }),
    422,
    [{ loc: ['body', 'title'], type: 'string_type' }],
  ],

  ['DELETE /{username}/post/{id}', 'an unknown user', ofUnknownUser(), 404, 'User not found'],
  ['DELETE /{username}/post/{id}', 'another user', withPost(undefined, 'other'), 403, NOT_OWNER],
  ['DELETE /{username}/post/{id}', 'a post of another user', withOther('foreignId'), 404, 'Post not found'],
  ['DELETE /{username}/post/{id}', 'a deleted post', withOther('deletedId'), 404, 'Post not found'],
  ['DELETE /{username}/post/{id}', 'the owner', withNewPost, 200, 'Post deleted'],

  ['DELETE /{username}/db_post/{id}', 'an unknown user', asAdmin('id', UNKNOWN), 404, 'User not found'],
  ['DELETE /{username}/db_post/{id}', 'a post of another user', asAdmin('foreignId'), 404, 'Post not found'],
  [
    'DELETE /{username}/db_post/{id}',
    'a deleted post',
    asAdmin('deletedId'),
    200,
    'Post deleted from the database',
  ],
  ['DELETE /{username}/db_post/{id}', 'a hard-deleted post', asAdmin('deletedId'), 404, 'Post not found'],
];

testRoutes('posts', createFixture, rows);
