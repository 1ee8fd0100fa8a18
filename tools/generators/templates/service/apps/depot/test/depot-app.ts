import { createTestApp, type TestApp } from '@repo/testing';
import { DepotConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';

/** The service as it runs in production, on a database of its own. */
export const startDepot = (): Promise<TestApp> =>
  createTestApp(AppModule, DepotConfig, { schema });
