// The work of the services, done directly on Fastify with pg, BullMQ, argon2 and NATS: node yardstick-server.ts <port>
import { randomUUID } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import { hashSync, verifySync } from '@node-rs/argon2';
import { Queue } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';

const USER = `SELECT id, name, username, email, password_hash, profile_image_url, is_superuser, tier_id, version, created_at, updated_at, deleted_at FROM users.users WHERE id = $1 AND deleted_at IS NULL LIMIT 1`;
const AUTHOR = `SELECT id, username, deleted, version FROM posts.authors WHERE username = $1 AND deleted = false ORDER BY id DESC LIMIT 1`;
const POSTS = `SELECT id, title, text, media_url, created_by_user_id, created_at FROM posts.posts WHERE created_by_user_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 11`;
const INSERT_POST = `INSERT INTO bench.posts (created_by_user_id, title, text) VALUES ($1, $2, $3) RETURNING *`;
const INSERT_EVENT = `INSERT INTO bench.outbox (id, event, aggregate_id, envelope) VALUES (gen_random_uuid(), 'post.created', $1, $2)`;
const INSERT_TASK = `INSERT INTO bench.tasks (id, job, payload, created_by_user_id) VALUES ($1, 'sample_background_task', $2, $3)`;

/** The parameters of the users service. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The size of a service's pool. */
const pool = new pg.Pool({ max: 10 });
const queue = new Queue('bare-enqueue', { connection: JSON.parse(process.env.YARDSTICK_REDIS!) });
const post = JSON.parse(process.env.YARDSTICK_POST!) as object;
const passwordHash = hashSync('correct horse 8', ARGON2ID);
const app = fastify();

app.get('/', async () => post);

app.get<{ Params: { id: string } }>('/user/:id', async ({ params: { id } }) => {
  const { rows } = await pool.query({ name: 'user', text: USER, values: [id] });
  return rows[0];
});

app.get<{ Params: { username: string } }>('/posts/:username', async ({ params: { username } }) => {
  const { rows: authors } = await pool.query({ name: 'author', text: AUTHOR, values: [username] });
  const { rows } = await pool.query({ name: 'posts', text: POSTS, values: [authors[0].id] });
  return { data: rows.slice(0, 10), next_cursor: String(rows[9].id), has_more: rows.length > 10 };
});

app.post<{ Params: { id: string }; Body: { title: string; text: string } }>(
  '/post/:id',
  async ({ params: { id }, body: { title, text } }, reply) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query({
        name: 'insert_post',
        text: INSERT_POST,
        values: [id, title, text],
      });
      const envelope = JSON.stringify({ event: 'post.created', data: { id: rows[0].id } });
      await client.query({ name: 'insert_event', text: INSERT_EVENT, values: [rows[0].id, envelope] });
      await client.query('COMMIT');
      return await reply.code(201).send(rows[0]);
    } finally {
      client.release();
    }
  },
);

app.post<{ Params: { id: string }; Querystring: { message: string } }>(
  '/task/:id',
  async ({ params, query: { message } }, reply) => {
    const id = randomUUID();
    await pool.query({ name: 'insert_task', text: INSERT_TASK, values: [id, { message }, params.id] });
    await queue.add('sample_background_task', {}, { jobId: id });
    return reply.code(201).send({ id });
  },
);

app.post<{ Body: { password: string } }>('/hash', async ({ body: { password } }) => ({
  verified: verifySync(passwordHash, password),
}));

const nats = await connect({ servers: process.env.YARDSTICK_NATS });
nats.subscribe('bench.get-user', {
  callback: (_, message) => {
    const { id } = message.json<{ id: number }>();
    const data = { id, username: 'userson', isSuperuser: false, tierId: null, deleted: false, version: 1 };
    message.respond(JSON.stringify({ data }));
  },
});

await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
