import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { JobsConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, JobsConfig, process.argv.slice(2));
