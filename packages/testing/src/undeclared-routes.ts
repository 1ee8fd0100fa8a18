import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { Access } from '@repo/auth';

/** Metadata keys of Nest's `@Get()` and similar decorators. */
const ROUTE = 'path';
const HTTP_METHOD = 'method';

/** The routes without an access rule, such as `@Public()`. */
export function undeclaredRoutes(nest: INestApplication): string[] {
  const controllers = new DiscoveryService(nest.get(ModulesContainer)).getControllers();
  const reflector = nest.get(Reflector);
  return controllers.flatMap(({ instance, metatype }) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    return new MetadataScanner()
      .getAllMethodNames(prototype)
      .map((name) => prototype[name]!)
      .filter((handler) => Reflect.hasMetadata(ROUTE, handler) && Reflect.hasMetadata(HTTP_METHOD, handler))
      .filter((handler) => !reflector.getAllAndOverride(Access, [handler as never, metatype as never]))
      .map((handler) => `${metatype?.name}.${(handler as { name: string }).name}`);
  });
}
