import 'reflect-metadata';
import { Database } from '@repo/runtime/database';
import { pruneInbox } from '@repo/runtime/messaging';
import { DataSource } from 'typeorm';
import { config } from '../app.config.js';
import { dataSource as options } from '../database/data-source.js';
import { RevocationsRepository } from '../revocations/revocations.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';

const dataSource = await new DataSource(options(config)).initialize();
try {
  const database = new Database(dataSource);
  const sessions = await new SessionsRepository(database).deleteExpired();
  const revocations = await new RevocationsRepository(database).deleteExpired();
  const notes = await pruneInbox(dataSource);
  console.log(
    `Deleted ${sessions} expired sessions, ${revocations} expired revocations and ${notes} old inbox notes`,
  );
} finally {
  await dataSource.destroy();
}
