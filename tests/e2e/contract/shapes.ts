import { expect } from '@jest/globals';

// The exact shapes of the API. Only the specs of the contract use them: a new field changes this file alone.

type Shape = Record<string, unknown>;

const text: unknown = expect.any(String);
const int: unknown = expect.any(Number);
const flag: unknown = expect.any(Boolean);
const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

const orNull = (type: 'string' | 'number' | 'boolean') => ({
  asymmetricMatch: (value: unknown) => value === null || typeof value === type,
});

export const PUBLIC_USER: Shape = {
  id: int,
  name: text,
  username: text,
  profile_image_url: text,
  tier_id: orNull('number'),
};
export const USER: Shape = { ...PUBLIC_USER, email: text };
export const TIER: Shape = { name: text, id: int, created_at: time };
export const RATE_LIMIT: Shape = { path: text, limit: int, period: int, id: int, tier_id: int, name: text };
export const USAGE: Shape = { path: text, limit: int, period: int, remaining: int, reset: int };
// #region only with posts
export const POST: Shape = {
  id: int,
  title: text,
  text,
  media_url: orNull('string'),
  created_by_user_id: int,
  created_at: time,
};
// #endregion
export const SESSION: Shape = {
  id: text,
  created_at: time,
  last_used_at: time,
  ip: text,
  user_agent: text,
  current: flag,
};
// #region only with jobs
export const TASK: Shape = {
  id: text,
  status: expect.stringMatching(/^(queued|active|completed|failed|cancelled)$/) as unknown,
  function: 'sample_background_task',
  args: [text],
  kwargs: {},
  job_try: orNull('number'),
  progress: expect.any(Number),
  enqueue_time: time,
  score: orNull('number'),
  start_time: orNull('string'),
  finish_time: orNull('string'),
  success: orNull('boolean'),
  result: orNull('string'),
  error: orNull('string'),
  queue_name: 'tasks',
};
// #endregion

/** A list by page number. */
export const pageOf = (item: Shape): Shape => ({
  data: expect.arrayOf(item) as unknown,
  total_count: int,
  has_more: flag,
  page: int,
  items_per_page: int,
});

/** A list by cursor. */
export const cursorPageOf = (item: Shape): Shape => ({
  data: expect.arrayOf(item) as unknown,
  next_cursor: orNull('string'),
  has_more: flag,
});
