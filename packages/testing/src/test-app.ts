import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { KeySource, RevocationSource } from '@repo/auth';
import type { ConfigClass } from '@repo/config';
import type { PostgresSettings, SchemaOptions } from '@repo/database';
import { createTestDatabase, type TestDatabase } from '@repo/database/testing';
import { ReplicaBus } from '@repo/messaging';
import { type App, type AppSettings, createApp, type RootModule } from '@repo/service';
import { type Api, apiClient } from './api-client.js';
import { NoRevocations, TestKeySource } from './test-tokens.js';

type Settings = AppSettings & PostgresSettings;

export interface TestAppOptions {
  schema: SchemaOptions;
  /** Environment variables in addition to those of the test servers. */
  env?: Record<string, string>;
  rootPaths?: string[];
  /** Fakes of other services: the class that sends requests to one, and the object that replaces it. */
  fakes?: [provider: unknown, fake: object][];
  /** True for the auth service, which has its own keys and revocations. */
  ownTokens?: boolean;
}

/** One replica of a service. */
export interface TestReplica {
  nest: NestFastifyApplication;
  /** Paths are relative to `/api/v1`. */
  api: Api;
  url: string;
  close(): Promise<void>;
}

export interface TestApp<C extends Settings = Settings> extends TestReplica {
  config: C;
  database: TestDatabase;
  /** The environment of the service, for its commands. */
  env: NodeJS.ProcessEnv;
  /** Starts one more replica on the same database, with these variables changed. */
  replica(changes?: Record<string, string>): Promise<TestReplica>;
}

/**
 * Starts one service as it runs in production, on a free port, with its own database on the test servers. Only other
 * services are replaced by fakes.
 */
export async function createTestApp<C extends Settings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  options: TestAppOptions,
): Promise<TestApp<C>> {
  const POSTGRES_DB = `test_${randomBytes(6).toString('hex')}`;
  const env = { ...process.env, POSTGRES_DB, PORT: '0', INTERNAL_PORT: '0', ...options.env };
  const config = new Config(env);
  const database = await createTestDatabase(config, options.schema);
  try {
    const replica = (changes?: Record<string, string>) =>
      startReplica(AppModule, changes ? new Config({ ...env, ...changes }) : config, options);
    const app = await replica();
    return {
      ...app,
      config,
      database,
      env,
      replica,
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

async function startReplica<C extends Settings>(
  AppModule: RootModule<C>,
  config: C,
  { rootPaths, fakes = [], ownTokens = false }: TestAppOptions,
): Promise<TestReplica> {
  const app: App = await createApp(AppModule, config, {
    rootPaths,
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
  try {
    await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
  await app.nest.get(ReplicaBus).whenLeaseValid(5_000);
  // A worker has no HTTP API.
  const address = app.nest.getHttpServer().address() as AddressInfo | null;
  const url = `http://127.0.0.1:${address?.port}`;
  return { nest: app.nest, url, api: apiClient(`${url}/api/v1`), close: () => app.close() };
}
