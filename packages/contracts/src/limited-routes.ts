/** Routes with `@RateLimit()`, for those who want to know what is left before they call. */
export const LIMITED_ROUTES: readonly string[] = [
  // #region only with jobs
  'api/v1/tasks/task',
  // #endregion
];
