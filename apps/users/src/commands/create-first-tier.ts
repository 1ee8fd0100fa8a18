import 'reflect-metadata';
import { app, defineConfig, postgres, str } from '@repo/config';
import { CreateTierDto } from '@repo/contracts';
import { runCommand } from '@repo/database';
import { dataSource } from '../database/data-source.js';
import { seedValues } from '../seeds/seed-values.js';
import { TiersRepository } from '../tiers/tiers.repository.js';

const config = defineConfig({
  ...app(),
  ...postgres('users'),
  TIER_NAME: str({ default: 'free', desc: 'Name of the first tier' }),
});

await runCommand(dataSource(config), async (database) => {
  const { name } = await seedValues(CreateTierDto, 'TIER_', { name: config.TIER_NAME });
  const created = await new TiersRepository(database).insertIfNew(name);
  return `Tier ${name} ${created ? 'created' : 'exists already'}`;
});
