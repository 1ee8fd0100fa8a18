import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { checkSettings } from './settings.ts';

const check = (env: NodeJS.ProcessEnv) =>
  checkSettings({ apps: SERVICE_NAMES, env: () => env, migrationEnv: () => env });

describe('checkSettings', () => {
  it('accepts the defaults', async () => {
    await check({});
  });

  it('lists the faults of all apps together, each once', async () => {
    const env = { LOG_LEVEL: 'loud', CORS_ORIGINS: '*', CACHE_ENABLED: 'maybe' };

    await assert.rejects(check(env), (error) => {
      assert.ok(error instanceof Failure);
      const names = error.details.split('\n').map((line) => line.split(':')[0]);
      assert.deepEqual(names.toSorted(), ['CACHE_ENABLED', 'CORS_ORIGINS', 'LOG_LEVEL']);
      return true;
    });
  });

  it('checks the settings of migrations', async () => {
    const production = { ENVIRONMENT: 'production' };

    await assert.rejects(check(production), ({ details }: Failure) =>
      details.includes('POSTGRES_MIGRATOR_PASSWORD: '),
    );
  });
});
