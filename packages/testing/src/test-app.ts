import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeySource, RevocationSource } from '@repo/auth';
import type { PostgresSettings, SchemaOptions } from '@repo/database';
import { createTestDatabase, type TestDatabase } from '@repo/database/testing';
import { ReplicaBus } from '@repo/messaging';
import { type App, type AppSettings, createApp } from '@repo/service';
import { type Api, apiClient } from './api-client.js';
import { NoRevocations, TestKeySource } from './test-tokens.js';

export interface TestAppOptions {
  service: string;
  settings: AppSettings & PostgresSettings;
  schema: SchemaOptions;
  rootPaths?: string[];
  /** Fakes of other services: the classes that ask them, and what stands in for each. */
  fakes?: [provider: unknown, fake: object][];
  /** The auth service signs and keeps its revocations itself. */
  ownTokens?: boolean;
}

export interface TestApp {
  nest: NestFastifyApplication;
  /** Paths are relative to `/api/v1`. */
  api: Api;
  url: string;
  database: TestDatabase;
  close(): Promise<void>;
}

/**
 * Starts one service as it runs in production, on a free port, with a database of its own on the tests' servers.
 * Only other services are faked.
 */
export async function createTestApp(AppModule: Type, options: TestAppOptions): Promise<TestApp> {
  const admin = {
    user: process.env.POSTGRES_ADMIN_USER ?? '',
    password: process.env.POSTGRES_ADMIN_PASSWORD ?? '',
  };
  const database = await createTestDatabase({ schema: options.schema, settings: options.settings, admin });
  try {
    const app = await startTestApp(AppModule, options);
    return {
      ...app,
      database,
      close: async () => {
        await app.close();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}

/** One more replica of the service, on the database that is there already. */
export async function startTestApp(
  AppModule: Type,
  options: TestAppOptions,
): Promise<Omit<TestApp, 'database'>> {
  const { settings, fakes = [], ownTokens = false } = options;
  const app: App = await createApp(AppModule, {
    ...options,
    settings: { ...settings, PORT: 0, INTERNAL_PORT: 0 },
    create: async (module, adapter, nestOptions) => {
      let builder: TestingModuleBuilder = Test.createTestingModule({ imports: [module] });
      const replaced = ownTokens
        ? fakes
        : [...fakes, [KeySource, new TestKeySource()], [RevocationSource, new NoRevocations()]];
      for (const [provider, fake] of replaced as [unknown, object][]) {
        builder = builder.overrideProvider(provider).useValue(fake);
      }
      return (await builder.compile()).createNestApplication<NestFastifyApplication>(adapter, nestOptions);
    },
  });
  await app.listen();
  await app.nest.get(ReplicaBus).whenLeaseValid(5_000);
  const { port } = app.nest.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { nest: app.nest, url, api: apiClient(`${url}/api/v1`), close: () => app.close() };
}
