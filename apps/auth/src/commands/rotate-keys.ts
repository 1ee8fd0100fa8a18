import 'reflect-metadata';
import { Database } from '@repo/runtime/database';
import { DataSource } from 'typeorm';
import { config } from '../app.config.js';
import { dataSource as options } from '../database/data-source.js';
import { SigningKeysRepository } from '../keys/signing-keys.repository.js';
import { SigningKeys } from '../keys/signing-keys.service.js';

const dataSource = await new DataSource(options(config)).initialize();
try {
  const database = new Database(dataSource);
  const kid = await new SigningKeys(new SigningKeysRepository(database), database).rotate();
  console.log(`New signing key ${kid}; tokens signed before stay valid until they expire`);
} finally {
  await dataSource.destroy();
}
