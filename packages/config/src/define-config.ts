import { readFileSync } from 'node:fs';
import { cleanEnv, type ValidatorSpec } from 'envalid';
import { isLocalOnly, isSecret, MIN_SECRET_LENGTH } from './variables.js';

export type Environment = 'local' | 'staging' | 'production';
export type Specs = Record<string, ValidatorSpec<unknown>>;
/** A variable's specification, by the type of its value. */
export type Parsed<T> = object & { _parse: (input: string) => T };
/** The settings that a fragment such as `postgres` specifies. */
export type SettingsOf<F extends (...args: never[]) => object> = {
  [K in keyof ReturnType<F>]: ReturnType<F>[K] extends Parsed<infer T> ? T : never;
};
/** Environment variables. */
export type Source = Record<string, string | undefined>;

/** Thrown at start; its message names every variable that is wrong and says what is expected. */
export class ConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads and checks settings, once, at the start of a process.
 * `X_FILE` may name a file that holds the value of `X`. Outside `ENVIRONMENT=local` a secret that is missing,
 * default or short is refused.
 *
 * @throws ConfigError that lists every bad variable at once
 */
export function defineConfig<T extends Record<string, unknown>>(
  specs: { [K in keyof T]: Parsed<T[K]> },
  source: Source = process.env,
): Readonly<T> {
  const problems: string[] = [];
  const values = resolveFiles(Object.keys(specs), source, problems);
  const config = cleanEnv(values, specs as Specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        problems.push(`${name}: ${(error as Error | undefined)?.message || 'is required but not set'}`);
      }
    },
  });
  if (problems.length === 0 && (values.ENVIRONMENT ?? 'local') !== 'local') {
    problems.push(...weakSecrets(specs as Specs, config), ...outOfPlace(specs as Specs, values));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({ ...config }) as unknown as T;
}

/** An empty variable counts as not set: compose passes `X=` for what the user left out. */
function resolveFiles(names: string[], source: Source, problems: string[]): Source {
  const values: Source = {};
  for (const name of names) {
    const file = source[`${name}_FILE`];
    if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').trim();
      } catch (error) {
        problems.push(`${name}_FILE: cannot be read (${(error as Error).message})`);
      }
    } else if (source[name] !== '') {
      values[name] = source[name];
    }
  }
  return values;
}

function* outOfPlace(specs: Specs, values: Source): Generator<string> {
  for (const [name, spec] of Object.entries(specs)) {
    if (isLocalOnly(spec) && values[name] !== undefined)
      yield `${name}: is for ENVIRONMENT=local only; remove it`;
  }
}

function* weakSecrets(specs: Specs, config: Record<string, unknown>): Generator<string> {
  for (const [name, spec] of Object.entries(specs)) {
    if (!isSecret(spec)) continue;
    const value = String(config[name] ?? '');
    if (value === '') yield `${name}: must be set outside ENVIRONMENT=local (or ${name}_FILE)`;
    else if (value === spec.default)
      yield `${name}: must not be left at its default outside ENVIRONMENT=local`;
    else if (value.length < MIN_SECRET_LENGTH)
      yield `${name}: must have at least ${MIN_SECRET_LENGTH} characters`;
  }
}
