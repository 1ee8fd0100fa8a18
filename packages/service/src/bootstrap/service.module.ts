import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuthModule, type AuthOptions } from '@repo/auth';
import type { nats, SettingsOf } from '@repo/config';
import { SERVICES } from '@repo/contracts';
import { EarlyResponses } from '@repo/core';
import { MessagingModule } from '@repo/messaging';
import { Metrics } from '@repo/observability';
import { deadLettersController } from '../http/dead-letters.controller.js';
import { EXPECTED_SERVICES, HealthController } from '../http/health.controller.js';
import { ReadinessChecks } from '../http/readiness-checks.js';
import { Streams } from '../http/streams.js';
import { Idempotency } from '../idempotency/idempotency.js';
import type { AppSettings } from './create-app.js';

const SHARED = [EarlyResponses, Metrics, ReadinessChecks];
const HTTP_ONLY = [Idempotency, Streams];

/**
 * Provides the settings (injected by their class), readiness checks, metrics and messaging; with HTTP also health
 * routes, routes of dead letters, idempotency, and the verification of tokens.
 */
@Global()
@Module({ providers: SHARED, exports: SHARED })
export class ServiceModule {
  static forRoot(
    config: AppSettings & SettingsOf<typeof nats>,
    { auth }: { auth?: AuthOptions } = {},
  ): DynamicModule {
    const { service } = config;
    const http = config.PORT !== undefined;
    const expected = SERVICES.filter((name) => !config.WITHOUT_SERVICES?.includes(name));
    const messaging = MessagingModule.forRoot({
      service,
      url: config.NATS_URL,
      user: config.NATS_USER,
      password: config.NATS_PASSWORD,
      token: config.NATS_TOKEN,
      credentials: config.NATS_CREDENTIALS,
      // Empty means none.
      tls: {
        ca: config.NATS_TLS_CA || undefined,
        cert: config.NATS_TLS_CERT || undefined,
        key: config.NATS_TLS_KEY || undefined,
      },
      streamReplicas: config.NATS_STREAM_REPLICAS,
    });
    return {
      module: ServiceModule,
      imports: [messaging, ...(http ? [AuthModule.forRoot(auth)] : [])],
      controllers: http ? [HealthController, deadLettersController(service)] : [],
      providers: [
        { provide: config.constructor, useValue: config },
        { provide: EXPECTED_SERVICES, useValue: expected },
        ...(http ? HTTP_ONLY : []),
      ],
      exports: [config.constructor, ...(http ? HTTP_ONLY : [])],
    };
  }
}
