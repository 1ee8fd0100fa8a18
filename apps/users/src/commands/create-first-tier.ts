import 'reflect-metadata';
import { app, defineConfig, postgres, str } from '@repo/config';
import { runCommand } from '@repo/database';
import { TiersRepository } from '../tiers/tiers.repository.js';
import { dataSource } from '../database/data-source.js';

const config = defineConfig({
  ...app(),
  ...postgres('users'),
  TIER_NAME: str({ default: 'free', desc: 'Name of the first tier' }),
});

await runCommand(dataSource(config), async (database) => {
  const tiers = new TiersRepository(database);
  if (await tiers.findByName(config.TIER_NAME)) return `Tier ${config.TIER_NAME} exists already`;
  await tiers.insert(config.TIER_NAME);
  return `Tier ${config.TIER_NAME} created`;
});
