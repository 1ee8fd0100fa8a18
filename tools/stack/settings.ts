import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Specs } from '../../packages/config/dist/index.js';
import { nearestOf, similarNames } from '../../packages/config/src/similar-names.ts';
import { SCHEMA_OWNERS, type ServiceName } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { configOfService } from '../lib/service-config.ts';
import { readEnvFile } from './env-file.ts';

/** Names that Compose reads from `.env` itself. */
const OF_COMPOSE = /^(COMPOSE|DOCKER)_/;

/**
 * Adds the settings of `.env` to the environment, which has precedence.
 *
 * @returns a sentence for each name that is probably a mistake
 * @throws Failure for lines that cannot be read
 */
export function loadSettings(): string[] {
  const file = join(ROOT, '.env');
  const { values, problems } = readEnvFile(existsSync(file) ? readFileSync(file, 'utf8') : '');
  if (problems.length > 0)
    throw new Failure(`Correct ${problems.length === 1 ? 'this line' : 'these lines'}.`, {
      details: problems.join('\n'),
    });
  const known = knownNames();
  const warnings = [
    ...Object.keys(values)
      .filter((name) => !known.includes(name) && !OF_COMPOSE.test(name))
      .map((name) => unknown(`${name} in .env`, nearestOf(name, known))),
    ...similarNames(Object.keys(process.env), known).map(({ name, nearest }) => unknown(name, nearest)),
  ];
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
  return warnings;
}

/** Every name in `.env.example`, also with `_FILE`. */
function knownNames(): string[] {
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
  return [...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].flatMap(([, name]) => [name!, `${name}_FILE`]);
}

const unknown = (name: string, nearest: string | undefined) =>
  `${name} is not a setting. Did you mean ${nearest}?`;

interface Environments {
  apps: ServiceName[];
  env(app: string): NodeJS.ProcessEnv;
  migrationEnv(app: string): NodeJS.ProcessEnv;
}

/** Checks the settings of all apps and their migrations. @throws Failure with all faults */
export async function checkSettings({ apps, env, migrationEnv }: Environments): Promise<void> {
  const {
    app: common,
    defineConfig,
    migrations,
    SettingsError,
  } = await import('../../packages/config/dist/index.js');
  const problems = new Set<string>();
  const check = (read: () => object) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      for (const problem of error.problems) problems.add(problem);
    }
  };
  for (const app of apps) {
    const Config = await configOfService(app);
    check(() => new Config(env(app)));
  }
  for (const app of SCHEMA_OWNERS) {
    const specs: Specs = { ...common(), ...migrations(app) };
    check(() => defineConfig(specs as Parameters<typeof defineConfig>[0], migrationEnv(app)));
  }
  if (problems.size > 0)
    throw new Failure('These settings are not valid: correct them in .env or in the environment.', {
      details: [...problems].join('\n'),
    });
}
