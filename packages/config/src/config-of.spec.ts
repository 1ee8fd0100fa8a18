import { describe, expect, it } from '@jest/globals';
import { configOf, int, listenPort } from './index.js';

class PostsConfig extends configOf('posts', { LIMIT: int({ default: 10, min: 1, desc: 'A limit' }) }) {
  get doubled(): number {
    return this.LIMIT * 2;
  }
}

describe('a class of settings', () => {
  it('reads the environment that it is given', () => {
    const config = new PostsConfig({ LIMIT: '3' });

    expect([config.service, config.LIMIT, config.doubled]).toEqual(['posts', 3, 6]);
    expect(new PostsConfig({}).LIMIT).toBe(10);
  });

  it('refuses what is not valid', () => {
    expect(() => new PostsConfig({ LIMIT: '0' })).toThrow(/LIMIT: /);
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(new PostsConfig({}), { LIMIT: 1 })).toThrow(TypeError);
  });

  it('tells its variables', () => {
    expect(PostsConfig.specs).toMatchObject({ LIMIT: { default: 10, desc: 'A limit' } });
  });
});

describe('listenPort', () => {
  class Server extends configOf('server', { PORT: listenPort({ default: 80, desc: '' }) }) {}

  it.each(['0', '65535'])('accepts %s', (PORT) => {
    expect(new Server({ PORT }).PORT).toBe(Number(PORT));
  });

  it.each(['65536', '-1', 'http'])('refuses %s', (PORT) => {
    expect(() => new Server({ PORT })).toThrow(/PORT: should be a port/);
  });
});
