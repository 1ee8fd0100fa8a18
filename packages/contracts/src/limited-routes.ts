/** Routes with `@RateLimit()`, for those who want to know what is left before they call. */
export const LIMITED_ROUTES = ['api/v1/tasks/task'] as const;
