import { createTestTables, type TestTables } from '@repo/database/testing';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { messagingEntities } from '../index.js';

/** One row for each time that the effect of an event has run. */
@Entity('effects')
export class Effect {
  @PrimaryColumn({ type: 'int', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ type: 'text' })
  text: string;
}

export interface TestSchema extends TestTables {
  effects(): Promise<string[]>;
}

/** A database with the tables of messaging, for one test file. */
export async function createTestSchema(): Promise<TestSchema> {
  const tables = await createTestTables([...messagingEntities, Effect]);
  return {
    ...tables,
    async effects() {
      const rows = await tables.dataSource.getRepository(Effect).find({ order: { id: 'ASC' } });
      return rows.map(({ text }) => text);
    },
  };
}
