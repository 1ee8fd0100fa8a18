import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { PostsConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, PostsConfig, process.argv.slice(2));
