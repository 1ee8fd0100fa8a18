import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { PostsConfig } from './app.config.js';
import { AppModule } from './app.module.js';

await bootstrap(AppModule, PostsConfig);
