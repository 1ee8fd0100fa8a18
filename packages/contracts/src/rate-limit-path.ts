/** The path of a route in rate limits: `api_v1_tasks_task` for `/api/v1/tasks/task/`. */
export function rateLimitPath(route: string): string {
  return route.replace(/^\/+|\/+$/g, '').replaceAll('/', '_');
}
