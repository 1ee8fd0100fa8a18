import { Module } from '@nestjs/common';
import { AuthorsModule } from '../authors/authors.module.js';
import { PostsController } from './posts.controller.js';
import { PostsConsumer } from './posts.consumer.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

@Module({
  imports: [AuthorsModule],
  controllers: [PostsController, PostsConsumer],
  providers: [PostsService, PostsRepository],
})
export class PostsModule {}
