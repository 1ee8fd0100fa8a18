/** The names of all services, as in NATS, PostgreSQL and the gateway. */
export const SERVICES = ['auth', 'users', 'posts', 'jobs', 'worker'] as const;

export type ServiceName = (typeof SERVICES)[number];
