import { describe, expect, it } from '@jest/globals';
import type { RouteOptions } from 'fastify';
import { RouteTable } from './route-table.js';

function tableOf(...routes: [method: string | string[], url: string][]): RouteTable {
  const table = new RouteTable();
  for (const [method, url] of routes) table.add({ method, url } as RouteOptions);
  return table;
}

describe('RouteTable', () => {
  it('returns the methods of a path, with and without a trailing slash', () => {
    const table = tableOf(['GET', '/tiers'], ['HEAD', '/tiers'], [['POST', 'PUT'], '/tier/']);

    expect(table.methodsOf('/tiers')).toEqual(['GET', 'HEAD']);
    expect(table.methodsOf('/tiers/')).toEqual(['GET', 'HEAD']);
    expect(table.methodsOf('/tier')).toEqual(['POST', 'PUT']);
  });

  it('matches a parameter with exactly one segment', () => {
    const table = tableOf(['GET', '/user/:username']);

    expect(table.methodsOf('/user/ada')).toEqual(['GET']);
    expect(table.methodsOf('/user')).toEqual([]);
    expect(table.methodsOf('/user/')).toEqual([]);
    expect(table.methodsOf('/user/ada/tier')).toEqual([]);
  });

  it('matches special characters of a route literally', () => {
    const table = tableOf(['GET', '/.well-known/jwks.json']);

    expect(table.methodsOf('/.well-known/jwks.json')).toEqual(['GET']);
    expect(table.methodsOf('/xwell-known/jwksxjson')).toEqual([]);
  });

  it('returns the methods of the most specific route', () => {
    const table = tableOf(
      ['PATCH', '/user/:username'],
      ['GET', '/user/:name'],
      ['GET', '/user/me'],
      ['GET', '/*'],
    );

    expect(table.methodsOf('/user/me')).toEqual(['GET']);
    expect(table.methodsOf('/user/ada')).toEqual(['GET', 'PATCH']);
  });

  it('knows the routes whose paths may belong to a more specific route', () => {
    const table = tableOf(
      ['PATCH', '/user/:username'],
      ['DELETE', '/user/:name'],
      ['GET', '/user/me'],
      ['GET', '/tier/:name/'],
    );

    const routes = ['/user/:username', '/user/:name', '/user/me', '/tier/:name/'];
    expect(routes.filter((url) => table.hasOverlap(url))).toEqual(['/user/:username', '/user/:name']);
  });
});
