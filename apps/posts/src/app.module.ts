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
    CacheModule.forRoot({
      service: 'posts',
      enabled: config.CACHE_ENABLED,
      redis: {
        host: config.REDIS_CACHE_HOST,
        port: config.REDIS_CACHE_PORT,
        username: config.REDIS_USERNAME,
        password: config.REDIS_PASSWORD,
      },
    }),
    AuthorsModule,
    PostsModule,
  ],
})
export class AppModule {}
