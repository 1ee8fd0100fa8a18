import { defineConfig, migrations, postgres } from '@repo/config';

/** Settings for the tests' PostgreSQL server, whose address is in the environment. */
export const testSettings = () => defineConfig({ ...postgres('test'), ...migrations('test') });

/** The administrator of that server. */
export function testAdmin(): { host: string; port: number; user: string; password: string } {
  const settings = testSettings();
  return {
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    user: settings.POSTGRES_ADMIN_USER || 'postgres',
    password: settings.POSTGRES_ADMIN_PASSWORD,
  };
}
