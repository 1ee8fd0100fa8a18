import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { CacheModule } from '@repo/runtime/cache';
import { DatabaseModule } from '@repo/runtime/database';
import { config } from './app.config.js';
import { AuthorsModule } from './authors/authors.module.js';
import { dataSource } from './database/data-source.js';
import { PostsModule } from './posts/posts.module.js';

@Module({
  imports: [
    RuntimeModule.forRoot('posts', config),
    DatabaseModule.forRoot(dataSource(config)),
    CacheModule.forRoot('posts', config),
    AuthorsModule,
    PostsModule,
  ],
})
export class AppModule {}
