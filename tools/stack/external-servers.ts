import { Failure } from '../lib/failure.ts';
import { type Address, answersNats, answersPostgres, answersRedis } from '../processes/probes.ts';
import { DATABASE } from '../servers/postgres.ts';

interface Account {
  user: string;
  password: string;
}

/** Servers that run already, named by environment variables. A server that is not named is started by the stack. */
export interface ExternalServers {
  /** Its user is an administrator. */
  postgres?: Address & Account & { database: string };
  redis?: { cache: Address; rateLimit: Address; queue: Address } & Account;
  nats?: { url: string } & Account;
}

export function externalServers(env: NodeJS.ProcessEnv): ExternalServers {
  const servers: ExternalServers = {};
  if (env.POSTGRES_SERVER) {
    servers.postgres = {
      host: env.POSTGRES_SERVER,
      port: Number(env.POSTGRES_PORT || 5432),
      database: env.POSTGRES_DB || DATABASE,
      user: env.POSTGRES_USER || 'postgres',
      password: env.POSTGRES_PASSWORD || '',
    };
  }
  const named = ['CACHE', 'RATE_LIMIT', 'QUEUE'].filter((use) => env[`REDIS_${use}_HOST`]);
  if (named.length > 0) {
    // One Redis may serve all three uses: a use that is not named has the first that is.
    const address = (use: string): Address => {
      const source = named.includes(use) ? use : named[0];
      return {
        host: env[`REDIS_${source}_HOST`] ?? '',
        port: Number(env[`REDIS_${source}_PORT`] || 6379),
      };
    };
    servers.redis = {
      cache: address('CACHE'),
      rateLimit: address('RATE_LIMIT'),
      queue: address('QUEUE'),
      user: env.REDIS_USERNAME ?? '',
      password: env.REDIS_PASSWORD ?? '',
    };
  }
  if (env.NATS_URL) {
    servers.nats = { url: env.NATS_URL, user: env.NATS_USER ?? '', password: env.NATS_PASSWORD ?? '' };
  }
  return servers;
}

/** Rejects with a Failure that names the external server which does not answer. */
export async function checkExternalServers({ postgres, redis, nats }: ExternalServers): Promise<void> {
  const checks: Promise<void>[] = [];
  if (postgres) checks.push(check('PostgreSQL', 'POSTGRES_SERVER', postgres, answersPostgres));
  if (redis) {
    checks.push(
      check('Redis', 'REDIS_CACHE_HOST', redis.cache, answersRedis),
      check('Redis', 'REDIS_RATE_LIMIT_HOST', redis.rateLimit, answersRedis),
      check('Redis', 'REDIS_QUEUE_HOST', redis.queue, answersRedis),
    );
  }
  if (nats) {
    const { hostname, port } = new URL(nats.url.split(',')[0] ?? '');
    const address = { host: hostname, port: Number(port || 4222) };
    checks.push(check('NATS with JetStream', 'NATS_URL', address, answersNats));
  }
  await Promise.all(checks);
}

async function check(
  title: string,
  variable: string,
  { host, port }: Address,
  answers: (address: Address) => Promise<boolean>,
): Promise<void> {
  if (await answers({ host, port }).catch(() => false)) return;
  throw new Failure(
    `No ${title} answers at ${host}:${port}: start it, correct ${variable}, or unset that to use a private server.`,
  );
}
