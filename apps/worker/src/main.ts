import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { WorkerConfig } from './app.config.js';
import { AppModule } from './app.module.js';

await bootstrap(AppModule, WorkerConfig);
