import { Module } from '@nestjs/common';
import { AuthorsMessages } from './authors.messages.js';
import { AuthorsRepository } from './authors.repository.js';
import { AuthorsService } from './authors.service.js';
import { UsersClient } from './users.client.js';

@Module({
  controllers: [AuthorsMessages],
  providers: [AuthorsService, AuthorsRepository, UsersClient],
  exports: [AuthorsService],
})
export class AuthorsModule {}
