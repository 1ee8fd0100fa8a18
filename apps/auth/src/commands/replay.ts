import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { AuthConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, AuthConfig, process.argv.slice(2));
