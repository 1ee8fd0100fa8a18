import 'reflect-metadata';
import type { IncomingHttpHeaders } from 'node:http';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

type IsIgnored = (request: { headers: IncomingHttpHeaders }) => boolean;

const wrappers = new WeakMap<object, { handler: object; isIgnored: IsIgnored }>();

/**
 * Wraps the handler of a route, to run code after validation. Guards and interceptors run before it. The
 * decorator that is written first is the outermost.
 *
 * @param isIgnored whether `around` does nothing but call the handler for this request
 */
export function wrapHandler<This extends object>(
  descriptor: TypedPropertyDescriptor<any>,
  around: (self: This, handle: () => Promise<unknown>) => Promise<unknown>,
  isIgnored: IsIgnored = () => false,
): void {
  const handler = descriptor.value as (...args: unknown[]) => unknown;
  const wrapped = function (this: This, ...args: unknown[]) {
    return around(this, async () => handler.apply(this, args));
  };
  Object.defineProperty(wrapped, 'name', { value: handler.name, configurable: true });
  for (const key of Reflect.getOwnMetadataKeys(handler)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), wrapped);
  }
  wrappers.set(wrapped, { handler, isIgnored });
  descriptor.value = wrapped;
}

/**
 * Whether a request reaches a wrapped handler as it is: the route has no guards of its own, and the decorators above
 * the wrapper do nothing to the request.
 */
export function isReached(
  wrapped: object,
  target: object,
  name: string | symbol,
  request: { headers: IncomingHttpHeaders },
): boolean {
  let handler = (target as Record<string | symbol, object>)[name]!;
  if ([handler, target.constructor].some((one) => Reflect.hasMetadata(GUARDS_METADATA, one))) return false;
  while (handler !== wrapped) {
    const wrapper = wrappers.get(handler);
    if (!wrapper?.isIgnored(request)) return false;
    handler = wrapper.handler;
  }
  return true;
}
