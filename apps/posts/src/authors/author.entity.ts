import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** This service's copy of a user, fed by events: posts can be read while the users service is away. */
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

  /** The user's version that this is a copy of. */
  @Column({ type: 'int' })
  version: number;
}
