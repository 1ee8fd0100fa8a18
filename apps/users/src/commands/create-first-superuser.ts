import 'reflect-metadata';
import { app, defineConfig, postgres, secret, str } from '@repo/config';
import { runCommand } from '@repo/database';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { UsersRepository } from '../users/users.repository.js';
import { dataSource } from '../database/data-source.js';

const config = defineConfig({
  ...app(),
  ...postgres('users'),
  ADMIN_NAME: str({ default: 'admin', desc: 'Name of the first superuser' }),
  ADMIN_EMAIL: str({ default: 'admin@admin.com', desc: 'Address of the first superuser' }),
  ADMIN_USERNAME: str({ default: 'admin', desc: 'Username of the first superuser' }),
  ADMIN_PASSWORD: secret({ default: '!Ch4ng3Th1sP4ssW0rd!', desc: 'Password of the first superuser' }),
});

await runCommand(dataSource(config), async (database) => {
  const users = new UsersRepository(database);
  const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_PASSWORD } = config;
  const email = config.ADMIN_EMAIL.toLowerCase();
  if ((await users.isUsernameTaken(username)) || (await users.isEmailTaken(email)))
    return `User ${username} exists already`;
  await users.insert({
    name,
    username,
    email,
    passwordHash: await new PasswordHasher().hash(ADMIN_PASSWORD),
    isSuperuser: true,
  });
  return `Superuser ${username} created`;
});
