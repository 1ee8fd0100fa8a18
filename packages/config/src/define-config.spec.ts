import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  app,
  bool,
  cache,
  defineConfig,
  int,
  list,
  nats,
  networks,
  origins,
  type Parsed,
  port,
  postgres,
  rateLimit,
  secret,
  SettingsError,
  str,
  url,
} from './index.js';

const ENVIRONMENT = str({ choices: ['local', 'staging', 'production'], default: 'local' });

describe('defineConfig', () => {
  it('returns defaults', () => {
    const config = defineConfig({ LIMIT: int({ default: 10, desc: '' }) }, {});

    expect(config.LIMIT).toBe(10);
  });

  it('returns the default for ENVIRONMENT=local there, and the other one elsewhere', () => {
    const specs = { ENVIRONMENT, LIMIT: int({ default: 100, localDefault: 0, desc: '' }) };

    expect(defineConfig(specs, {}).LIMIT).toBe(0);
    expect(defineConfig(specs, { LIMIT: '5' }).LIMIT).toBe(5);
    expect(defineConfig(specs, { ENVIRONMENT: 'staging' }).LIMIT).toBe(100);
  });

  it('treats an empty variable as not set', () => {
    expect(defineConfig({ LIMIT: int({ default: 10, desc: '' }) }, { LIMIT: '' }).LIMIT).toBe(10);
  });

  it('ignores blanks around a value, except in a secret', () => {
    const specs = { LIMIT: int({ default: 10, desc: '' }), KEY: secret({ default: '', desc: '' }) };

    expect(defineConfig(specs, { LIMIT: ' 5 ', KEY: ' a b ' })).toEqual({ LIMIT: 5, KEY: ' a b ' });
  });

  it.each([
    [bool({ default: true, desc: '' }), 'maybe', 'should be true or false, but is "maybe"'],
    [str({ choices: ['a', 'b'], default: 'a' }), 'c', 'should be one of a, b, but is "c"'],
    [port({ default: 1, desc: '' }), '65536', 'should be a whole number from 1 to 65535, but is "65536"'],
    [
      url({ default: '', schemes: ['http', 'https'], desc: '' }),
      'collector:4318',
      'should be a URL that begins with http:// or https://',
    ],
    [origins({ default: [], desc: '' }), '*', '"*" is no origin'],
    [networks({ default: [], desc: '' }), 'x', '"x" is no address or network'],
  ])('says value and rule of what is invalid', (spec, value, problem) => {
    const read = () => defineConfig({ SETTING: spec as Parsed<unknown> }, { SETTING: value });

    expect(read).toThrow(SettingsError);
    expect(read).toThrow(`SETTING: ${problem}`);
  });

  it('does not show a URL, which may hold a password', () => {
    const specs = { TARGET: url({ default: '', schemes: ['nats'], desc: '' }) };

    expect(() => defineConfig(specs, { TARGET: 'http://me:secret@host' })).toThrow(/^(?!.*secret)/s);
  });

  describe('with a URL', () => {
    const read = (env: Record<string, string>) => defineConfig({ ...app(), ...postgres('posts') }, env);
    const DATABASE_URL = 'postgres://me:p%40ss@[::1]:6432/shop?sslmode=verify-full';

    it('sets what the URL says, and leaves the rest', () => {
      expect(read({ DATABASE_URL })).toMatchObject({
        POSTGRES_SERVER: '::1',
        POSTGRES_PORT: 6432,
        POSTGRES_DB: 'shop',
        POSTGRES_USER: 'me',
        POSTGRES_PASSWORD: 'p@ss',
        POSTGRES_SSL: 'verify-full',
        POSTGRES_POOL_SIZE: 10,
      });
      expect(read({ DATABASE_URL: 'postgres://db' })).toMatchObject({
        POSTGRES_PORT: 5432,
        POSTGRES_USER: 'posts',
      });
    });

    it('accepts the same value for a part, and no other', () => {
      expect(read({ DATABASE_URL, POSTGRES_DB: 'shop' }).POSTGRES_DB).toBe('shop');
      expect(() => read({ DATABASE_URL, POSTGRES_DB: 'app' })).toThrow(
        'DATABASE_URL: says something else than POSTGRES_DB; set one of the two',
      );
    });

    it('takes different passwords from several URLs', () => {
      const urls = { REDIS_CACHE_URL: 'rediss://:one@a', REDIS_RATE_LIMIT_URL: 'rediss://:two@b' };

      expect(() => defineConfig({ ...cache(), ...rateLimit() }, urls)).not.toThrow();
    });
  });

  it('does not need a secret that another setting replaces', () => {
    const specs = { ...app(), ...nats() };
    const production = { ENVIRONMENT: 'production' };

    expect(() => defineConfig(specs, production)).toThrow(/NATS_PASSWORD/);
    expect(() => defineConfig(specs, { ...production, NATS_TOKEN: 'a-token' })).not.toThrow();
  });

  it('names all invalid variables', () => {
    const specs = { LIMIT: int({ default: 10, min: 1, desc: '' }), NAME: str() };

    const start = () => defineConfig(specs, { LIMIT: 'ten' });

    expect(start).toThrow(/LIMIT: .*at least 1/);
    expect(start).toThrow(/NAME: /);
  });

  it('rejects a number above its maximum, with the range', () => {
    const specs = { LIMIT: int({ default: 10, min: 1, max: 60, desc: '' }) };

    expect(defineConfig(specs, { LIMIT: '60' }).LIMIT).toBe(60);
    expect(() => defineConfig(specs, { LIMIT: '61' })).toThrow(/LIMIT: .*from 1 to 60/);
  });

  it('splits lists at commas', () => {
    expect(defineConfig({ HOSTS: list({ default: [], desc: '' }) }, { HOSTS: 'a, b,' }).HOSTS).toEqual([
      'a',
      'b',
    ]);
  });

  it('reads a secret from the file that X_FILE names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'key');
    writeFileSync(file, 'from-a-file\n');
    try {
      expect(defineConfig({ KEY: secret({ default: 'x', desc: '' }) }, { KEY_FILE: file }).KEY).toBe(
        'from-a-file',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names a file that cannot be read', () => {
    expect(() =>
      defineConfig({ KEY: secret({ default: 'x', desc: '' }) }, { KEY_FILE: '/does/not/exist' }),
    ).toThrow(/KEY_FILE: the file cannot be read/);
  });

  describe('outside ENVIRONMENT=local', () => {
    const specs = { ENVIRONMENT, KEY: secret({ default: 'the-default-of-this-secret', desc: '' }) };

    it.each([
      ['default', undefined, /KEY: must not be left at its default/],
      ['short', 'short', /KEY: must have at least 16 characters/],
    ])('rejects a %s secret', (_, KEY, message) => {
      expect(() => defineConfig(specs, { ENVIRONMENT: 'production', KEY })).toThrow(message);
      expect(defineConfig(specs, { KEY }).ENVIRONMENT).toBe('local');
    });

    it('rejects failpoints', () => {
      const env = (ENVIRONMENT: string) => ({ ENVIRONMENT, FAILPOINTS: 'outbox.before-delete@3' });

      expect(() => defineConfig(app(), env('production'))).toThrow(/FAILPOINTS: is for ENVIRONMENT=local/);
      expect(() => defineConfig(app(), env('staging'))).toThrow(/FAILPOINTS/);
      expect(defineConfig(app(), env('local')).FAILPOINTS).toEqual(['outbox.before-delete@3']);
    });

    it('accepts a strong secret', () => {
      const KEY = 'a-secret-that-is-long-enough';

      expect(defineConfig(specs, { ENVIRONMENT: 'production', KEY }).KEY).toBe(KEY);
    });
  });
});
