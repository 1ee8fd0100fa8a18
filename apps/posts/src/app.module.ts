import { type DynamicModule, Module } from '@nestjs/common';
import { CacheModule } from '@repo/cache';
import { DatabaseModule } from '@repo/database';
import { ServiceModule } from '@repo/service';
import type { PostsConfig } from './app.config.js';
import { AuthorsModule } from './authors/authors.module.js';
import { dataSource } from './database/data-source.js';
import { PostsModule } from './posts/posts.module.js';

@Module({})
export class AppModule {
  static forRoot(config: PostsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config),
        DatabaseModule.forRoot(dataSource(config)),
        CacheModule.forRoot(config),
        AuthorsModule,
        PostsModule,
      ],
    };
  }
}
