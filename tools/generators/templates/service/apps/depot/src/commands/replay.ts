import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { config } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, { service: 'depot', settings: config }, process.argv.slice(2));
