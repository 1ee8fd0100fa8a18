import 'reflect-metadata';
import { replayDeadLetters } from '@repo/service';
import { DepotConfig } from '../app.config.js';
import { AppModule } from '../app.module.js';

await replayDeadLetters(AppModule, DepotConfig, process.argv.slice(2));
