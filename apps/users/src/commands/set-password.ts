import 'reflect-metadata';
import { CreateUserDto } from '@repo/contracts';
import { validated } from '@repo/core';
import { runAppCommand } from '@repo/service';
import { PickType } from '@nestjs/swagger';
import { UsersConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';
import { readPassword } from '../passwords/read-password.js';
import { UsersService } from '../users/users.service.js';

class NewPassword extends PickType(CreateUserDto, ['password']) {}

const [username = ''] = process.argv.slice(2);

await runAppCommand(AppModule, UsersConfig, async (nest) => {
  const given = { password: await readPassword(`New password of ${username}: `) };
  const { password } = await validated(NewPassword, given, { location: 'input', forbidExtra: true });
  await nest.get(UsersService).setPassword(username, password);
  return `The password of ${username} is set, and all sessions of the user are ended`;
});
