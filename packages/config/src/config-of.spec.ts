import { describe, expect, it } from '@jest/globals';
import { configOf, int, listenPort } from './index.js';

class PostsConfig extends configOf('posts', { LIMIT: int({ default: 10, min: 1, desc: 'A limit' }) }) {
  get doubled(): number {
    return this.LIMIT * 2;
  }
}

describe('configOf', () => {
  it('reads the given environment', () => {
    const config = new PostsConfig({ LIMIT: '3' });

    expect([config.service, config.LIMIT, config.doubled]).toEqual(['posts', 3, 6]);
    expect(new PostsConfig({}).LIMIT).toBe(10);
  });

  it('throws for an invalid variable', () => {
    expect(() => new PostsConfig({ LIMIT: '0' })).toThrow(/LIMIT: /);
  });

  it('creates immutable settings', () => {
    expect(() => Object.assign(new PostsConfig({}), { LIMIT: 1 })).toThrow(TypeError);
  });

  it('has the specifications of its variables', () => {
    expect(PostsConfig.specs).toMatchObject({ LIMIT: { default: 10, desc: 'A limit' } });
  });
});

describe('listenPort', () => {
  class Server extends configOf('server', { PORT: listenPort({ default: 80, desc: '' }) }) {}

  it.each(['0', '65535'])('accepts %s', (PORT) => {
    expect(new Server({ PORT }).PORT).toBe(Number(PORT));
  });

  it.each(['65536', '-1', 'http'])('rejects %s', (PORT) => {
    expect(() => new Server({ PORT })).toThrow(/PORT: should be a whole number from 0 to 65535/);
  });
});
