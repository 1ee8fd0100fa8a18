import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuthModule } from '@repo/auth';
import { SERVICES } from '@repo/contracts';
import { MessagingModule } from '@repo/messaging';
import { Metrics } from '@repo/observability';
import {
  deadLettersController,
  EXPECTED_SERVICES,
  HealthController,
  ReadinessChecks,
} from '../http/index.js';
import { Idempotency } from '../idempotency/index.js';

export interface ServiceSettings {
  service: string;
  NATS_URL: string;
  NATS_USER: string;
  NATS_PASSWORD: string;
  /** Services that `/api/v1/ready` ignores. */
  WITHOUT_SERVICES?: readonly string[];
}

type AuthOptions = Parameters<typeof AuthModule.forRoot>[0];

/**
 * Provides the settings (injected by their class), readiness checks, metrics and messaging; with HTTP also health
 * routes, routes of dead letters, idempotency, and the verification of tokens.
 */
@Global()
@Module({ providers: [Metrics, ReadinessChecks], exports: [Metrics, ReadinessChecks] })
export class ServiceModule {
  static forRoot(
    config: ServiceSettings,
    { http = true, auth }: { http?: boolean; auth?: AuthOptions } = {},
  ): DynamicModule {
    const { service } = config;
    const without = config.WITHOUT_SERVICES ?? [];
    const expected = SERVICES.filter((name) => !without.includes(name));
    const messaging = MessagingModule.forRoot({
      service,
      url: config.NATS_URL,
      user: config.NATS_USER,
      password: config.NATS_PASSWORD,
    });
    return {
      module: ServiceModule,
      imports: [messaging, ...(http ? [AuthModule.forRoot(auth)] : [])],
      controllers: http ? [HealthController, deadLettersController(service)] : [],
      providers: [
        { provide: config.constructor, useValue: config },
        { provide: EXPECTED_SERVICES, useValue: expected },
        ...(http ? [Idempotency] : []),
      ],
      exports: [config.constructor, ...(http ? [Idempotency] : [])],
    };
  }
}
