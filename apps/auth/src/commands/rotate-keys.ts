import 'reflect-metadata';
import { runCommand } from '@repo/database';
import { AuthConfig } from '../app.config.js';
import { dataSource } from '../database/data-source.js';
import { SigningKeysRepository } from '../signing-keys/signing-keys.repository.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';

const config = new AuthConfig();

await runCommand(dataSource(config), async (database) => {
  const kid = await new SigningKeysService(new SigningKeysRepository(database), database, config).rotate();
  return `New signing key ${kid}; tokens signed before stay valid until they expire`;
});
