import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('notebooks')
export class Notebook {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'text' })
  title: string;
}
