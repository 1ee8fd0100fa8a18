import 'reflect-metadata';
import { app, defineConfig, postgres, secret, str } from '@repo/config';
import { runCommand } from '@repo/database';
import { dataSource } from '../database/data-source.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { createFirstSuperuser, FirstSuperuser } from '../seeds/first-superuser.js';
import { seedValues } from '../seeds/seed-values.js';

const config = defineConfig({
  ...app(),
  ...postgres('users'),
  ADMIN_NAME: str({ default: 'admin', desc: 'Name of the first superuser' }),
  ADMIN_EMAIL: str({ default: 'admin@admin.com', desc: 'Address of the first superuser' }),
  ADMIN_USERNAME: str({ default: 'admin', desc: 'Username of the first superuser' }),
  ADMIN_PASSWORD: secret({ default: '!Ch4ng3Th1sP4ssW0rd!', desc: 'Password of the first superuser' }),
});

await runCommand(dataSource(config), async (database) => {
  const superuser = await seedValues(FirstSuperuser, 'ADMIN_', {
    name: config.ADMIN_NAME,
    username: config.ADMIN_USERNAME,
    email: config.ADMIN_EMAIL,
    password: config.ADMIN_PASSWORD,
  });
  return createFirstSuperuser(database, new PasswordHasher(), superuser);
});
