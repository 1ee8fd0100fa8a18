import { createTestApp, type TestApp } from '@repo/testing';
import { DepotConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';

/** The service as in production, with its own test database. */
export const startDepot = (): Promise<TestApp> =>
  createTestApp(AppModule, DepotConfig, { schema });
