import 'reflect-metadata';
import { runAppCommand } from '@repo/service';
import { UsersConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';
import { UsersService } from '../users/users.service.js';

const [username = ''] = process.argv.slice(2);

await runAppCommand(AppModule, UsersConfig, async (nest) => {
  await nest.get(UsersService).setSuperuser(username, false);
  return `User ${username} is no superuser`;
});
