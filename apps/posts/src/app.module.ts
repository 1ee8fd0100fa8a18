import { Module } from '@nestjs/common';
import { CacheModule } from '@repo/cache';
import { DatabaseModule } from '@repo/database';
import { ServiceModule } from '@repo/service';
import { config } from './app.config.js';
import { AuthorsModule } from './authors/authors.module.js';
import { dataSource } from './database/data-source.js';
import { PostsModule } from './posts/posts.module.js';

@Module({
  imports: [
    ServiceModule.forRoot('posts', config),
    DatabaseModule.forRoot(dataSource(config)),
    CacheModule.forRoot('posts', config),
    AuthorsModule,
    PostsModule,
  ],
})
export class AppModule {}
