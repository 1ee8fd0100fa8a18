import 'reflect-metadata';
import { runCommand } from '@repo/database';
import { config } from '../app.config.js';
import { dataSource } from '../database/data-source.js';
import { SigningKeysRepository } from '../keys/signing-keys.repository.js';
import { SigningKeys } from '../keys/signing-keys.service.js';

await runCommand(dataSource(config), async (database) => {
  const kid = await new SigningKeys(new SigningKeysRepository(database), database).rotate();
  return `New signing key ${kid}; tokens signed before stay valid until they expire`;
});
