/** Routes with `@RateLimit()`, for `GET /user/me/usage`. */
export const LIMITED_ROUTES: readonly string[] = [
  // #region only with jobs
  'api/v1/tasks/task',
  // #endregion
];
