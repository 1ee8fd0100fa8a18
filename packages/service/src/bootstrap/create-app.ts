import { once } from 'node:events';
import type { Server } from 'node:http';
import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthGuard, TokenVerifier } from '@repo/auth';
import type { app, http, internalServer, SettingsOf } from '@repo/config';
import { EarlyResponses } from '@repo/core';
import { Database } from '@repo/database';
import { DeadLetters, NatsClient, NatsTransport, ReplicaBus } from '@repo/messaging';
import { AccessLog, createPino, Metrics, NestLogger, openLog, startTracing } from '@repo/observability';
import type { FastifyInstance } from 'fastify';
import { registerBodyLimits } from '../http/body-limit.js';
import { Draining } from '../http/draining.js';
import { EarlyResponder } from '../http/early-responder.js';
import { ErrorFilter } from '../http/error.filter.js';
import { registerFormBody } from '../http/form-body.js';
import { registerHandlerTimeout } from '../http/handler-timeout.js';
import { createInternalServer } from '../http/internal-server.js';
import { registerJsonBody } from '../http/json-body.js';
import { LoadShedding } from '../http/load-shedding.js';
import { ReadinessChecks } from '../http/readiness-checks.js';
import { REQUEST_DEADLINE_MS, registerRequestHooks } from '../http/request-hooks.js';
import { registerMethods, RouteTable } from '../http/route-table.js';
import { ValidationPipe } from '../http/validation.pipe.js';
import { registerAccessLog } from './access-log.js';
import { createFastifyAdapter } from './fastify.js';
import { registerMessagingMetrics } from './messaging-metrics.js';
import { traceRequests } from './trace-requests.js';

/** Settings of every process; without a `PORT` it has no HTTP API. */
export type AppSettings = { service: string } & SettingsOf<typeof app> &
  SettingsOf<typeof internalServer> &
  Partial<SettingsOf<typeof http>>;

export interface RootModule<C> {
  forRoot(config: C): DynamicModule;
}

export interface AppOptions {
  /** Paths of routes without the prefix `/api/v1`. */
  rootPaths?: string[];
  /** Creates the Nest application; tests replace providers in it. */
  create?: (
    module: DynamicModule,
    adapter: FastifyAdapter,
    options: NestApplicationOptions,
  ) => Promise<NestFastifyApplication>;
}

export type App = Awaited<ReturnType<typeof createApp>>;

/** Connections that wait until the process accepts them: a burst may open as many as the gateway sends. */
const ACCEPT_QUEUE = 4_096;

export const GLOBAL_PREFIX = 'api/v1';

/** Creates the application of a service, for `bootstrap`, commands and tests. */
export async function createApp<C extends AppSettings>(
  AppModule: RootModule<C>,
  config: C,
  options: AppOptions = {},
) {
  const { service } = config;
  const log = openLog();
  const pino = createPino({ service, level: config.LOG_LEVEL }, log);
  const collector = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const stopTracing = collector ? await startTracing(service, collector) : undefined;
  const early = new EarlyResponder();
  const adapter = createFastifyAdapter(early);
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  const draining = new Draining();
  fastify.addHook('onRoute', (route) => routes.add(route));
  registerBodyLimits(fastify);

  const create: AppOptions['create'] = options.create ?? NestFactory.create.bind(NestFactory);
  const nest = await create(AppModule.forRoot(config), adapter, {
    logger: new NestLogger(pino),
    bodyParser: false,
    abortOnError: false,
  });
  const clientCacheMaxAge = config.CLIENT_CACHE_MAX_AGE ?? 0;
  const metrics = nest.get(Metrics);
  new LoadShedding().register(fastify, metrics.registry);
  registerHandlerTimeout(fastify, REQUEST_DEADLINE_MS);
  registerMethods(fastify, routes);
  registerJsonBody(fastify);
  registerFormBody(fastify, config);
  registerRequestHooks(fastify, { clientCacheMaxAge });
  if (stopTracing) traceRequests(fastify);
  const { dataSource } = nest.get(Database);
  const accessLog = new AccessLog(service, metrics, pino.isLevelEnabled('info') ? log : undefined);
  registerAccessLog(fastify, accessLog);
  registerMessagingMetrics(metrics.registry, dataSource, nest.get(DeadLetters));
  draining.register(fastify);
  nest.setGlobalPrefix(GLOBAL_PREFIX, { exclude: options.rootPaths ?? [] });
  nest.useGlobalPipes(new ValidationPipe());
  nest.useGlobalFilters(new ErrorFilter());
  if (config.PORT !== undefined) {
    nest.useGlobalGuards(nest.get(AuthGuard));
    const [responses, tokens] = [nest.get(EarlyResponses), nest.get(TokenVerifier)];
    early.use({ responses, tokens, accessLog, draining, clientCacheMaxAge });
  }
  nest.connectMicroservice({ strategy: nest.get(NatsTransport) }, { inheritAppConfig: true });

  const readiness = nest.get(ReadinessChecks);
  readiness.register('postgres', async () => void (await dataSource.query('SELECT 1')));
  readiness.register('nats', () => {
    if (!nest.get(NatsClient).connected) throw new Error('not connected');
  });
  let internal: Server | undefined;
  return {
    nest,
    draining,
    readiness,
    /** Listens on both ports; port 0 is a free one. */
    async listen(): Promise<void> {
      await nest.startAllMicroservices();
      if (config.PORT === undefined) await nest.init();
      else await nest.listen({ port: config.PORT, host: config.HOST, backlog: ACCEPT_QUEUE });
      internal = createInternalServer(readiness, metrics).listen(config.INTERNAL_PORT, config.HOST);
      await once(internal, 'listening');
      watchReadiness(nest.get(ReplicaBus), readiness);
    },
    async close(): Promise<void> {
      await nest.close();
      await stopTracing?.();
      internal?.closeAllConnections();
      internal?.close();
    },
  };
}

/** Publishes the readiness of this process: `/api/v1/ready` of any service reports all services. */
function watchReadiness(bus: ReplicaBus, readiness: ReadinessChecks): void {
  const publish = () => void readiness.report().then(({ ready }) => bus.setReady(ready));
  publish();
  setInterval(publish, 1_000).unref();
}
