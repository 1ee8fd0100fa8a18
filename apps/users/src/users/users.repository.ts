import { Injectable } from '@nestjs/common';
import { type ListUsersQuery, type Page, PublicUser } from '@repo/contracts';
import { NotFoundError } from '@repo/core';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { User } from './user.entity.js';

export type NewUser = Pick<User, 'name' | 'username' | 'email' | 'passwordHash'> &
  Partial<Pick<User, 'isSuperuser' | 'tierId'>>;
export type UserChanges = Partial<
  Pick<User, 'name' | 'username' | 'email' | 'passwordHash' | 'profileImageUrl' | 'isSuperuser' | 'tierId'>
>;

@Injectable()
export class UsersRepository {
  private readonly users: Table<User>;

  constructor(database: Database) {
    this.users = database.table(User);
  }

  findById(id: number): Promise<User | null> {
    return this.users.findOne({ id });
  }

  findByUsername(username: string): Promise<User | null> {
    return this.users.findOne({ username });
  }

  /** Includes soft-deleted users. */
  findAnyByUsername(username: string): Promise<User | null> {
    return this.users.findOne({ username }, { withDeleted: true });
  }

  /** Includes soft-deleted users. */
  findAnyByEmail(email: string): Promise<User | null> {
    return this.users.findOne({ email }, { withDeleted: true });
  }

  /** Waits for other transactions that have locked them. */
  lockSuperusers(tx: Transaction): Promise<User[]> {
    return this.users.in(tx).findMany({ isSuperuser: true }, { lock: true });
  }

  /** By username, or by email address when `login` is one. `login` is normalized. */
  findByLogin(login: string): Promise<User | null> {
    return this.users.findOne(login.includes('@') ? { email: login } : { username: login });
  }

  findByUsernameWithTier(username: string): Promise<User | null> {
    return this.users
      .query('user')
      .leftJoinAndSelect('user.tier', 'tier')
      .where('user.username = :username', { username })
      .getOne();
  }

  findPage(query: ListUsersQuery): Promise<Page<ColumnsOf<User, PublicUser>>> {
    return this.users.findPage(query, { select: PublicUser });
  }

  isUsernameTaken(username: string): Promise<boolean> {
    return this.users.exists({ username }, { withDeleted: true });
  }

  isEmailTaken(email: string): Promise<boolean> {
    return this.users.exists({ email }, { withDeleted: true });
  }

  existsSuperuser(): Promise<boolean> {
    return this.users.exists({ isSuperuser: true });
  }

  insert(user: NewUser, tx?: Transaction): Promise<User> {
    return this.users.in(tx).insert(user);
  }

  /**
   * @returns the user after the change
   * @throws NotFoundError when it was deleted in the meantime
   */
  async update(id: number, changes: UserChanges, tx: Transaction): Promise<User> {
    await this.users.in(tx).update({ id }, changes);
    return found(await this.users.in(tx).findOne({ id }));
  }

  /** @returns false when the password was changed in the meantime */
  async replacePassword(
    { id, passwordHash }: Pick<User, 'id' | 'passwordHash'>,
    newHash: string,
    tx: Transaction,
  ): Promise<boolean> {
    return (await this.users.in(tx).update({ id, passwordHash }, { passwordHash: newHash })) === 1;
  }

  /**
   * @returns the user after the change
   * @throws NotFoundError when it was hard deleted in the meantime
   */
  async softDelete(id: number, tx: Transaction): Promise<User> {
    await this.users.in(tx).softDelete({ id });
    return found(await this.users.in(tx).findOne({ id }, { withDeleted: true }));
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.users.in(tx).hardDelete({ id });
  }
}

function found(user: User | null): User {
  if (!user) throw new NotFoundError('User not found');
  return user;
}
