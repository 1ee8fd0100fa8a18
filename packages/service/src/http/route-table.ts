import type { RouteOptions } from 'fastify';

/** The methods of each path, for 405 responses. Fastify's router does not report them for a path without a match. */
export class RouteTable {
  private readonly routes: { pattern: URLPattern; methods: string[] }[] = [];

  add({ url, method }: RouteOptions): void {
    const pattern = new URLPattern({ pathname: `${url.replace(/\/$/, '')}{/}?` });
    this.routes.push({ pattern, methods: [method].flat() });
  }

  methodsOf(path: string): string[] {
    const methods = this.routes
      .filter(({ pattern }) => pattern.test({ pathname: path }))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
