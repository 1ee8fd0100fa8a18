import { app, defineConfig, postgres, str } from '@repo/config';
import { TiersRepository } from '../tiers/tiers.repository.js';
import { runCommand } from './run-command.js';

const config = defineConfig({
  ...app(),
  ...postgres('users'),
  TIER_NAME: str({ default: 'free', desc: 'Name of the first tier' }),
});

await runCommand(config, async (database) => {
  const tiers = new TiersRepository(database);
  if (await tiers.findByName(config.TIER_NAME)) return `Tier ${config.TIER_NAME} exists already`;
  await tiers.insert(config.TIER_NAME);
  return `Tier ${config.TIER_NAME} created`;
});
