import 'reflect-metadata';
import { runAppCommand } from '@repo/service';
import { UsersConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';
import { UsersService } from '../users/users.service.js';

const [username = ''] = process.argv.slice(2);

await runAppCommand(AppModule, UsersConfig, async (nest) => {
  await nest.get(UsersService).disable(username);
  return `User ${username} does not exist for anyone any more; the row is kept`;
});
