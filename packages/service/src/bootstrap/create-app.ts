import type { Server } from 'node:http';
import type { DynamicModule, INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthGuard } from '@repo/auth';
import { Database } from '@repo/database';
import { DeadLetters, NatsClient, NatsTransport, ReplicaBus } from '@repo/messaging';
import { createPino, Metrics, NestLogger, startTracing } from '@repo/observability';
import type { FastifyInstance } from 'fastify';
import {
  createInternalServer,
  Draining,
  ErrorFilter,
  Overload,
  Readiness,
  registerBodyLimits,
  registerFormBody,
  registerJsonBody,
  registerRequestHooks,
  RouteTable,
  ValidationPipe,
} from '../http/index.js';
import { registerAccessLog } from './access-log.js';
import { createFastifyAdapter } from './fastify.js';
import { registerMessagingMetrics } from './messaging-metrics.js';
import { traceRequests } from './trace-requests.js';

/** The settings that every process has. */
export interface AppSettings {
  service: string;
  LOG_LEVEL: string;
  FAILPOINTS: readonly string[];
  HOST: string;
  /** Absent in a process without an HTTP API. */
  PORT?: number;
  INTERNAL_PORT: number;
  CLIENT_CACHE_MAX_AGE?: number;
  /** Where traces are collected; empty for nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
}

/** The root module of a service. */
export interface RootModule<C> {
  forRoot(config: C): DynamicModule;
}

export interface AppOptions {
  /** Routes at the root instead of under `/api/v1`. */
  rootPaths?: string[];
  /** How the application is made of its module; tests put fakes in. */
  create?: CreateNest;
}

export type CreateNest = (
  module: DynamicModule,
  adapter: FastifyAdapter,
  options: NestApplicationOptions,
) => Promise<NestFastifyApplication>;

export interface App {
  nest: NestFastifyApplication;
  draining: Draining;
  readiness: Readiness;
  /** Listens on both ports; 0 picks free ones. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export const GLOBAL_PREFIX = 'api/v1';

/** Builds a service, ready to listen; tests use the same function. */
export async function createApp<C extends AppSettings>(
  AppModule: RootModule<C>,
  config: C,
  options: AppOptions = {},
): Promise<App> {
  const { service } = config;
  const pino = createPino({ service, level: config.LOG_LEVEL });
  const collector = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const stopTracing = collector ? await startTracing(service, collector) : undefined;
  const adapter = createFastifyAdapter();
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  const draining = new Draining();
  fastify.addHook('onRoute', (route) => routes.add(route));
  registerBodyLimits(fastify);

  const create: CreateNest = options.create ?? NestFactory.create.bind(NestFactory);
  const nest = await create(AppModule.forRoot(config), adapter, {
    logger: new NestLogger(pino),
    bodyParser: false,
    abortOnError: false,
  });
  const metrics = nest.get(Metrics);
  new Overload().register(fastify, metrics.registry);
  registerJsonBody(fastify);
  registerFormBody(fastify);
  registerRequestHooks(fastify, { clientCacheMaxAge: config.CLIENT_CACHE_MAX_AGE ?? 0 });
  if (stopTracing) traceRequests(fastify);
  const { dataSource } = nest.get(Database);
  registerAccessLog(fastify, pino, metrics);
  registerMessagingMetrics(metrics.registry, dataSource, nest.get(DeadLetters));
  draining.register(fastify);
  configure(nest, routes, config, options);

  const readiness = nest.get(Readiness);
  readiness.register('postgres', async () => void (await dataSource.query('SELECT 1')));
  readiness.register('nats', () => {
    if (!nest.get(NatsClient).connected) throw new Error('not connected');
  });
  let internal: Server | undefined;
  return {
    nest,
    draining,
    readiness,
    async listen() {
      await nest.startAllMicroservices();
      if (config.PORT === undefined) await nest.init();
      else await nest.listen({ port: config.PORT, host: config.HOST });
      internal = createInternalServer(readiness, metrics);
      await new Promise<void>((resolve, reject) => {
        internal!.once('error', reject).listen(config.INTERNAL_PORT, config.HOST, resolve);
      });
      watchReadiness(nest.get(ReplicaBus), readiness);
    },
    async close() {
      await nest.close();
      await stopTracing?.();
      internal?.closeAllConnections();
      internal?.close();
    },
  };
}

function configure(
  nest: INestApplication,
  routes: RouteTable,
  config: AppSettings,
  { rootPaths = [] }: AppOptions,
): void {
  nest.setGlobalPrefix(GLOBAL_PREFIX, { exclude: rootPaths });
  nest.useGlobalPipes(new ValidationPipe());
  nest.useGlobalFilters(new ErrorFilter(routes));
  if (config.PORT !== undefined) nest.useGlobalGuards(nest.get(AuthGuard));
  nest.connectMicroservice({ strategy: nest.get(NatsTransport) }, { inheritAppConfig: true });
}

/** Tells the other processes whether this one is ready: `/api/v1/ready` of any service answers for all. */
function watchReadiness(bus: ReplicaBus, readiness: Readiness): void {
  const look = () => void readiness.report().then(({ ready }) => bus.setReady(ready));
  look();
  setInterval(look, 1_000).unref();
}
