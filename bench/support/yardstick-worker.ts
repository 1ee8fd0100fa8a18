// A bare BullMQ worker that marks tasks as started and as completed: node yardstick-worker.ts
import { Worker } from 'bullmq';
import pg from 'pg';
import { BARE_QUEUE, CONCURRENT_TASKS } from './tasks.ts';

const START = `UPDATE bench.tasks SET status = 'active', attempts = attempts + 1, started_at = now() WHERE id = $1 AND status IN ('queued', 'active')`;
const FINISH = `UPDATE bench.tasks SET status = 'completed', progress = 100, finished_at = now() WHERE id = $1 AND status = 'active'`;

const pool = new pg.Pool({ max: 10 });
const worker = new Worker(
  BARE_QUEUE,
  async ({ id }) => {
    await pool.query({ name: 'start', text: START, values: [id] });
    await pool.query({ name: 'finish', text: FINISH, values: [id] });
  },
  { connection: JSON.parse(process.env.YARDSTICK_REDIS!), concurrency: CONCURRENT_TASKS },
);
worker.on('error', (error) => console.error(error));
