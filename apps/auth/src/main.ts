import 'reflect-metadata';
import { bootstrap } from '@repo/service';
import { AuthConfig } from './app.config.js';
import { AppModule } from './app.module.js';
import { ROOT_PATHS } from './root-paths.js';

await bootstrap(AppModule, AuthConfig, { rootPaths: ROOT_PATHS });
