import { expect } from '@jest/globals';

// The fields of each shape of the API, no more and no less.

const text = expect.any(String);
const int = expect.any(Number);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

export const PUBLIC_USER = { id: int, name: text, username: text, profile_image_url: text, tier_id: null };
export const USER = { ...PUBLIC_USER, email: text };
export const TIER = { name: text, id: int, created_at: time };
export const RATE_LIMIT = { path: text, limit: int, period: int, id: int, tier_id: int, name: text };
export const POST = {
  id: int,
  title: text,
  text,
  media_url: null,
  created_by_user_id: int,
  created_at: time,
};
export const SESSION = {
  id: text,
  created_at: time,
  last_used_at: time,
  ip: text,
  user_agent: text,
  current: expect.any(Boolean),
};
export const TASK = {
  id: text,
  status: expect.stringMatching(/^(queued|active|completed|failed|cancelled)$/),
  function: 'sample_background_task',
  args: [text],
  kwargs: {},
  job_try: expect.anything(),
  enqueue_time: time,
  score: expect.anything(),
  start_time: expect.anything(),
  finish_time: expect.anything(),
  success: expect.anything(),
  result: expect.anything(),
  error: expect.anything(),
  queue_name: 'tasks',
};

/** A list by page number. */
export const page = (item: object) => ({
  data: expect.arrayContaining([item]),
  total_count: int,
  has_more: expect.any(Boolean),
  page: int,
  items_per_page: int,
});

/** A list by cursor. */
export const cursorPage = (item: object) => ({
  data: expect.arrayContaining([item]),
  next_cursor: expect.anything(),
  has_more: true,
});
