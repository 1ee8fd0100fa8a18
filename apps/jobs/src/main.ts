import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { JobsConfig } from './app.config.js';
import { AppModule } from './app.module.js';
import { ROOT_PATHS } from './root-paths.js';

await bootstrap(AppModule, JobsConfig, { rootPaths: ROOT_PATHS });
