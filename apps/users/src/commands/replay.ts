import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { UsersConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, UsersConfig, process.argv.slice(2));
