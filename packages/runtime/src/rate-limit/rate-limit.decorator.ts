import { Inject } from '@nestjs/common';
import { RateLimitGate, type RateLimitOptions } from './rate-limit-gate.js';

const GATE = Symbol('RateLimitGate');

type Handler = (...args: unknown[]) => unknown;

/**
 * Limits how often a route may be called: per user, else per client address. It acts when the request has passed all
 * checks of its form, so a 422 uses up nothing.
 */
export function RateLimit(options: RateLimitOptions = {}): MethodDecorator {
  return (target, _name, descriptor: TypedPropertyDescriptor<any>) => {
    // Guards and interceptors run before the pipes that validate. The handler itself is the first to run after them.
    Inject(RateLimitGate)(target, GATE);
    const handler = descriptor.value as Handler;
    const limited = async function (this: { [GATE]?: RateLimitGate }, ...args: unknown[]) {
      await this[GATE]?.pass(options);
      return handler.apply(this, args);
    };
    Object.defineProperty(limited, 'name', { value: handler.name, configurable: true });
    for (const key of Reflect.getOwnMetadataKeys(handler)) {
      Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), limited);
    }
    descriptor.value = limited;
  };
}
