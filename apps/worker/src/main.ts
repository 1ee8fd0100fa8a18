import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { config } from './app.config.js';
import { AppModule } from './app.module.js';

await bootstrap(AppModule, { service: 'worker', settings: config });
