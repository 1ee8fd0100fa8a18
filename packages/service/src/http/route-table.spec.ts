import { describe, expect, it } from '@jest/globals';
import type { RouteOptions } from 'fastify';
import { RouteTable } from './route-table.js';

function tableOf(...routes: [method: string | string[], url: string][]): RouteTable {
  const table = new RouteTable();
  for (const [method, url] of routes) table.add({ method, url } as RouteOptions);
  return table;
}

describe('RouteTable', () => {
  it('knows the methods of a path, with and without its trailing slash', () => {
    const table = tableOf(['GET', '/tiers'], ['HEAD', '/tiers'], [['POST', 'PUT'], '/tier/']);

    expect(table.methodsOf('/tiers')).toEqual(['GET', 'HEAD']);
    expect(table.methodsOf('/tiers/')).toEqual(['GET', 'HEAD']);
    expect(table.methodsOf('/tier')).toEqual(['POST', 'PUT']);
  });

  it('matches a parameter with one segment, not with none and not with two', () => {
    const table = tableOf(['GET', '/user/:username']);

    expect(table.methodsOf('/user/somebody')).toEqual(['GET']);
    expect(table.methodsOf('/user')).toEqual([]);
    expect(table.methodsOf('/user/')).toEqual([]);
    expect(table.methodsOf('/user/somebody/tier')).toEqual([]);
  });

  it('takes the characters of a route as they are', () => {
    const table = tableOf(['GET', '/.well-known/jwks.json']);

    expect(table.methodsOf('/.well-known/jwks.json')).toEqual(['GET']);
    expect(table.methodsOf('/xwell-known/jwksxjson')).toEqual([]);
  });
});
