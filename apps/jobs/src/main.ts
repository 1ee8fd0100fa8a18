import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { config } from './app.config.js';
import { AppModule } from './app.module.js';
import { ROOT_PATHS } from './root-paths.js';

await bootstrap(AppModule, { service: 'jobs', settings: config, rootPaths: ROOT_PATHS });
