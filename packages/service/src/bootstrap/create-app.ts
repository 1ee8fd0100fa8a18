import type { Server } from 'node:http';
import type { INestApplication, NestApplicationOptions, Type } from '@nestjs/common';
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

export interface AppSettings {
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

export interface AppOptions {
  service: string;
  settings: AppSettings;
  /** Routes at the root instead of under `/api/v1`. */
  rootPaths?: string[];
  /** How the application is made of its module; tests put fakes in. */
  create?: CreateNest;
}

export type CreateNest = (
  AppModule: Type,
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
export async function createApp(AppModule: Type, options: AppOptions): Promise<App> {
  const { service, settings } = options;
  const pino = createPino({ service, level: settings.LOG_LEVEL });
  const collector = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  const stopTracing = collector ? await startTracing(service, collector) : undefined;
  const adapter = createFastifyAdapter();
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  const draining = new Draining();
  fastify.addHook('onRoute', (route) => routes.add(route));
  registerBodyLimits(fastify);

  const create: CreateNest = options.create ?? NestFactory.create.bind(NestFactory);
  const nest = await create(AppModule, adapter, {
    logger: new NestLogger(pino),
    bodyParser: false,
    abortOnError: false,
  });
  const metrics = nest.get(Metrics);
  new Overload().register(fastify, metrics.registry);
  registerJsonBody(fastify);
  registerFormBody(fastify);
  registerRequestHooks(fastify, { clientCacheMaxAge: settings.CLIENT_CACHE_MAX_AGE ?? 0 });
  if (stopTracing) traceRequests(fastify);
  const { dataSource } = nest.get(Database);
  registerAccessLog(fastify, pino, metrics);
  registerMessagingMetrics(metrics.registry, dataSource, nest.get(DeadLetters));
  draining.register(fastify);
  configure(nest, routes, options);

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
      if (settings.PORT === undefined) await nest.init();
      else await nest.listen({ port: settings.PORT, host: settings.HOST });
      internal = createInternalServer(readiness, metrics);
      await new Promise<void>((resolve, reject) => {
        internal!.once('error', reject).listen(settings.INTERNAL_PORT, settings.HOST, resolve);
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

/** What a service and the generator of its OpenAPI document have in common. */
export function configure(
  nest: INestApplication,
  routes: RouteTable,
  { rootPaths = [], settings }: AppOptions,
): void {
  nest.setGlobalPrefix(GLOBAL_PREFIX, { exclude: rootPaths });
  nest.useGlobalPipes(new ValidationPipe());
  nest.useGlobalFilters(new ErrorFilter(routes));
  if (settings.PORT !== undefined) nest.useGlobalGuards(nest.get(AuthGuard));
  nest.connectMicroservice({ strategy: nest.get(NatsTransport) }, { inheritAppConfig: true });
}

/** Tells the other processes whether this one is ready: `/api/v1/ready` of any service answers for all. */
function watchReadiness(bus: ReplicaBus, readiness: Readiness): void {
  const look = () => void readiness.report().then(({ ready }) => bus.setReady(ready));
  look();
  setInterval(look, 1_000).unref();
}
