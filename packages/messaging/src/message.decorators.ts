import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { EventName, RequestName } from '@repo/contracts';
import { NATS_TRANSPORT } from './nats-transport.js';

/** Answers a request of another service: Nest's `@MessagePattern`, for names that exist. */
export const OnRequest = (name: RequestName): MethodDecorator => MessagePattern(name, NATS_TRANSPORT);

/** Hears an event: Nest's `@EventPattern`, for names that exist. The handler gets its `EventEnvelope`. */
export const OnEvent = (event: EventName): MethodDecorator =>
  EventPattern(event, NATS_TRANSPORT) as MethodDecorator;
