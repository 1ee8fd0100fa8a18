import { OmitType } from '@nestjs/swagger';
import { CreateUserDto, StringField, USERNAME } from '@repo/contracts';
import { type Database, violates } from '@repo/database';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';

/** The rules of a sign-up, except that the username may be a reserved one such as `admin`. */
export class FirstSuperuser extends OmitType(CreateUserDto, ['username']) {
  @StringField(USERNAME)
  username: string;
}

/**
 * Creates the superuser, unless a superuser with the username or the address exists. It may have been changed since.
 *
 * @returns what was done
 * @throws Error when another user has the username or the address: only an operator may make that one a superuser
 */
export async function createFirstSuperuser(
  database: Database,
  passwords: Pick<PasswordHasher, 'hash' | 'verify'>,
  wanted: FirstSuperuser,
): Promise<string> {
  const users = new UsersRepository(database);
  const { name, username, email, password } = wanted;
  const existing = (await users.findAnyByUsername(username)) ?? (await users.findAnyByEmail(email));
  if (existing) {
    await expectSuperuser(existing, users);
    if (existing.deletedAt) return `Superuser ${existing.username} was deleted, and there are others`;
    const differing = [
      existing.username !== username && 'ADMIN_USERNAME',
      existing.email !== email && 'ADMIN_EMAIL',
      !(await passwords.verify(existing.passwordHash, password)) && 'ADMIN_PASSWORD',
    ].filter((setting) => setting !== false);
    const known = `Superuser ${existing.username} exists already`;
    return differing.length > 0 ? `${known}; it differs from ${differing.join(', ')}` : known;
  }
  const passwordHash = await passwords.hash(password);
  try {
    await users.insert({ name, username, email, passwordHash, isSuperuser: true });
  } catch (error) {
    // Another process has created the user in the meantime.
    if (!violates(error, 'uq_users_username') && !violates(error, 'uq_users_email')) throw error;
    return createFirstSuperuser(database, passwords, wanted);
  }
  return `Superuser ${username} created`;
}

async function expectSuperuser(user: User, users: UsersRepository): Promise<void> {
  const { username, email, deletedAt, isSuperuser } = user;
  if (isSuperuser && (!deletedAt || (await users.existsSuperuser()))) return;
  const state = deletedAt
    ? 'is deleted, and its name and address stay taken:'
    : `exists and is no superuser. Make it one with the command \`users grant-superuser ${username}\`, or`;
  throw new Error(`The user ${username} (${email}) ${state} set ADMIN_USERNAME and ADMIN_EMAIL to others.`);
}
