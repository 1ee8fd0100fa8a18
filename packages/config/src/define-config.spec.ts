import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { app, defineConfig, int, list, secret, str } from './index.js';

const ENVIRONMENT = str({ choices: ['local', 'staging', 'production'], default: 'local' });

describe('defineConfig', () => {
  it('returns defaults', () => {
    const config = defineConfig({ LIMIT: int({ default: 10, desc: '' }) }, {});

    expect(config.LIMIT).toBe(10);
  });

  it('treats an empty variable as not set', () => {
    expect(defineConfig({ LIMIT: int({ default: 10, desc: '' }) }, { LIMIT: '' }).LIMIT).toBe(10);
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
    ).toThrow(/KEY_FILE: cannot be read/);
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
      const env = (ENVIRONMENT: string) => ({ ENVIRONMENT, FAILPOINTS: 'outbox.before-mark@3' });

      expect(() => defineConfig(app(), env('production'))).toThrow(/FAILPOINTS: is for ENVIRONMENT=local/);
      expect(() => defineConfig(app(), env('staging'))).toThrow(/FAILPOINTS/);
      expect(defineConfig(app(), env('local')).FAILPOINTS).toEqual(['outbox.before-mark@3']);
    });

    it('accepts a strong secret', () => {
      const KEY = 'a-secret-that-is-long-enough';

      expect(defineConfig(specs, { ENVIRONMENT: 'production', KEY }).KEY).toBe(KEY);
    });
  });
});
