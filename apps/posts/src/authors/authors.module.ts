import { Module } from '@nestjs/common';
import { AuthorsConsumer } from './authors.consumer.js';
import { AuthorsRepository } from './authors.repository.js';
import { AuthorsService } from './authors.service.js';
import { UsersClient } from './users.client.js';

@Module({
  controllers: [AuthorsConsumer],
  providers: [AuthorsService, AuthorsRepository, UsersClient],
  exports: [AuthorsService],
})
export class AuthorsModule {}
