import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** This service's copy of a user, updated by events: posts can be read while the users service is unavailable. */
@Entity('authors')
@Index('ix_authors_username', ['username'])
export class Author {
  /** The user's id. */
  @PrimaryColumn({ type: 'int' })
  id: number;

  @Column({ type: 'text' })
  username: string;

  @Column({ type: 'boolean' })
  deleted: boolean;

  /** The version of the user that was copied. */
  @Column({ type: 'int' })
  version: number;
}
