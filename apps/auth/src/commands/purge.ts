import 'reflect-metadata';
import { runCommand } from '@repo/database';
import { pruneInbox } from '@repo/messaging';
import { AuthConfig } from '../app.config.js';
import { dataSource } from '../database/data-source.js';
import { RevocationsRepository } from '../revocations/revocations.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';

await runCommand(dataSource(new AuthConfig()), async (database) => {
  const sessions = await new SessionsRepository(database).deleteExpired();
  const revocations = await new RevocationsRepository(database).deleteExpired();
  const notes = await pruneInbox(database.dataSource);
  return `Deleted ${sessions} expired sessions, ${revocations} expired revocations and ${notes} old inbox notes`;
});
