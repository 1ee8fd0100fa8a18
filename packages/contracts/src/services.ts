/** Every service of the system, under the name it has in NATS, in Postgres and in the gateway. */
export const SERVICES = ['auth', 'users', 'posts', 'jobs', 'worker'] as const;

/** The name of one service. */
export type ServiceName = (typeof SERVICES)[number];
