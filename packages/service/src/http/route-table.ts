import { AppError } from '@repo/core';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { pathOf } from './error.filter.js';

interface Route {
  /** The path without names of parameters. A parameter sorts after every text. */
  shape: string;
  path: string;
  pattern: URLPattern;
  methods: string[];
}

/**
 * The methods of each path. Fastify's router has a tree for each method: for a path without a match it does not report
 * other methods, and it serves `PATCH /user/me` with the route `/user/:username` if `/user/me` has no PATCH.
 */
export class RouteTable {
  private readonly routes: Route[] = [];
  private readonly overlaps = new Map<string, boolean>();

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    const path = url.replace(/\/$/, '');
    const pattern = new URLPattern({ pathname: `${path}{/}?` });
    const shape = path.replace(/:\w+|\*/g, '\uffff');
    this.routes.push({ shape, path, pattern, methods: [method].flat() });
  }

  /** The methods of the most specific route for a path; none for an unknown path. */
  methodsOf(path: string): string[] {
    const matching = this.routes.filter(({ pattern }) => pattern.test({ pathname: path }));
    const shape = matching.map((route) => route.shape).sort()[0];
    const methods = matching.filter((route) => route.shape === shape).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }

  /** Whether a path of this route may belong to a more specific route. */
  hasOverlap(url: string): boolean {
    let overlap = this.overlaps.get(url);
    if (overlap === undefined) {
      const own = this.routes.filter(({ path }) => path === url.replace(/\/$/, ''));
      overlap = own.some(({ shape, pattern }) =>
        this.routes.some((other) => other.shape < shape && pattern.test({ pathname: other.path })),
      );
      this.overlaps.set(url, overlap);
    }
    return overlap;
  }
}

/** Answers OPTIONS with the methods of the path, and refuses methods that the path does not have. */
export function registerMethods(fastify: FastifyInstance, routes: RouteTable): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 && !routes.hasOverlap(request.routeOptions.url!)) return done();
    const methods = routes.methodsOf(pathOf(request.url));
    if (methods.length === 0 || methods.includes(request.method)) return done();
    const headers = { Allow: methods.join(', ') };
    if (request.method === 'OPTIONS') return void reply.code(204).headers(headers).send();
    done(new AppError(405, 'Method Not Allowed', { headers }));
  });
}
