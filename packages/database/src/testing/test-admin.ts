import { defineConfig, migrations, postgres } from '@repo/config';

/** The administrator of the tests' PostgreSQL server, whose address is in the environment. */
export function testAdmin(): { host: string; port: number; user: string; password: string } {
  const settings = defineConfig({ ...postgres('test'), ...migrations('test') });
  return {
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    user: settings.POSTGRES_ADMIN_USER || 'postgres',
    password: settings.POSTGRES_ADMIN_PASSWORD,
  };
}
