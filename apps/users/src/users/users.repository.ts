import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, paginate, type Transaction } from '@repo/runtime/database';
import { NotFoundError } from '@repo/runtime/errors';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { User } from './user.entity.js';

export type NewUser = Pick<User, 'name' | 'username' | 'email' | 'passwordHash'> &
  Partial<Pick<User, 'isSuperuser' | 'tierId'>>;
export type UserChanges = Partial<
  Pick<User, 'name' | 'username' | 'email' | 'profileImageUrl' | 'passwordHash' | 'tierId'>
>;

@Injectable()
export class UsersRepository {
  constructor(private readonly dataSource: DataSource) {}

  findById(id: number): Promise<User | null> {
    return this.users().findOneBy({ id });
  }

  findByUsername(username: string): Promise<User | null> {
    return this.users().findOneBy({ username });
  }

  /** Deleted ones too. */
  findAnyByUsername(username: string): Promise<User | null> {
    return this.users().findOne({ where: { username }, withDeleted: true });
  }

  /** By username, or by email address when `login` is one. */
  findByLogin(login: string): Promise<User | null> {
    return this.users().findOneBy(login.includes('@') ? { email: login.toLowerCase() } : { username: login });
  }

  findByUsernameWithTier(username: string): Promise<User | null> {
    return this.users().findOne({ where: { username }, relations: { tier: true } });
  }

  findPage(request: PageRequest): Promise<Page<User>> {
    return paginate(this.users().createQueryBuilder('user'), request);
  }

  isUsernameTaken(username: string): Promise<boolean> {
    return this.users().exists({ where: { username }, withDeleted: true });
  }

  isEmailTaken(email: string): Promise<boolean> {
    return this.users().exists({ where: { email }, withDeleted: true });
  }

  async insert(user: NewUser, tx?: Transaction): Promise<User> {
    const { identifiers } = await this.users(tx?.manager).insert(user);
    return this.users(tx?.manager).findOneByOrFail({ id: identifiers[0]!.id as number });
  }

  /**
   * @returns the user as it is now
   * @throws NotFoundError when it was deleted a moment ago
   */
  async update(id: number, changes: UserChanges, tx: Transaction): Promise<User> {
    await this.users(tx.manager).update({ id }, changes);
    return found(await this.users(tx.manager).findOneBy({ id }));
  }

  /**
   * @returns the user as it is now
   * @throws NotFoundError when it was erased a moment ago
   */
  async softDelete(id: number, tx: Transaction): Promise<User> {
    await this.users(tx.manager).softDelete({ id });
    return found(await this.users(tx.manager).findOne({ where: { id }, withDeleted: true }));
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.users(tx.manager).delete({ id });
  }

  private users(manager: EntityManager = this.dataSource.manager): Repository<User> {
    return manager.getRepository(User);
  }
}

function found(user: User | null): User {
  if (!user) throw new NotFoundError('User not found');
  return user;
}
