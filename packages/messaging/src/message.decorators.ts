import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { EventName, RequestName } from '@repo/contracts';
import { NATS_TRANSPORT } from './nats-transport.js';

/** Answers a request of another service: `@MessagePattern` of Nest with a typed name. */
export const OnRequest = (name: RequestName): MethodDecorator => MessagePattern(name, NATS_TRANSPORT);

/** Subscribes to an event: `@EventPattern` of Nest with a typed name. The payload is its `EventEnvelope`. */
export const OnEvent = (event: EventName): MethodDecorator =>
  EventPattern(event, NATS_TRANSPORT) as MethodDecorator;
