import 'reflect-metadata';

/**
 * Wraps the handler of a route, to run code after validation. Guards and interceptors run before it. The
 * decorator that is written first is the outermost.
 */
export function wrapHandler<This extends object>(
  descriptor: TypedPropertyDescriptor<any>,
  around: (self: This, handle: () => Promise<unknown>) => Promise<unknown>,
): void {
  const handler = descriptor.value as (...args: unknown[]) => unknown;
  const wrapped = function (this: This, ...args: unknown[]) {
    return around(this, async () => handler.apply(this, args));
  };
  Object.defineProperty(wrapped, 'name', { value: handler.name, configurable: true });
  for (const key of Reflect.getOwnMetadataKeys(handler)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), wrapped);
  }
  descriptor.value = wrapped;
}
