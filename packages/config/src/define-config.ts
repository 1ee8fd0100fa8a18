import { readFileSync } from 'node:fs';
import { cleanEnv, type ValidatorSpec } from 'envalid';

export type Specs = Record<string, ValidatorSpec<unknown>>;
/** The specification of a variable whose value has type `T`. */
export type Parsed<T> = object & { _parse: (input: string) => T };
/** The settings of a fragment such as `postgres`. */
export type SettingsOf<F extends (...args: never[]) => object> = {
  [K in keyof ReturnType<F>]: ReturnType<F>[K] extends Parsed<infer T> ? T : never;
};
export type Source = Record<string, string | undefined>;

/** A class of settings. `new` reads and validates them; providers inject them by the class. */
export interface ConfigClass<T extends object> {
  readonly specs: Specs;
  new (env?: Source): Readonly<T>;
}

const MIN_SECRET_LENGTH = 16;

/** Settings that are not valid: a mistake of the operator, so the message is all there is to say. */
export class SettingsError extends Error {
  /** @param problems one sentence for each, which begins with the name */
  constructor(readonly problems: string[]) {
    const lines = problems.map((problem) => `  - ${problem}`).join('\n');
    super(`The settings are not valid. Correct them in the environment or in .env:\n${lines}`);
    this.name = SettingsError.name;
  }
}

/** Base class of the settings of a service: `class PostsConfig extends configOf('posts', { ...app(), ...nats() }) {}`. */
export function configOf<T extends Record<string, unknown>>(
  service: string,
  specs: { [K in keyof T]: Parsed<T[K]> },
): ConfigClass<T & { service: string }> {
  class Config {
    static readonly specs = specs;

    constructor(env?: Source) {
      Object.freeze(Object.assign(this, { service }, defineConfig(specs, env)));
    }
  }
  // TypeScript does not know the properties that Object.assign adds.
  return Config as unknown as ConfigClass<T & { service: string }>;
}

/**
 * Reads and validates settings from environment variables. `X_FILE` names a file with the value of `X`. In
 * `ENVIRONMENT=local` a `localDefault` replaces the default. Outside, a missing, default or short secret and a `localOnly`
 * variable are invalid.
 *
 * @throws SettingsError with all invalid ones
 */
export function defineConfig<T extends Record<string, unknown>>(
  specs: { [K in keyof T]: Parsed<T[K]> },
  source: Source = process.env,
): Readonly<T> {
  const problems: string[] = [];
  const values = resolveFiles(specs as Specs, source, problems);
  fillInParts(specs as Specs, values, problems);
  const isLocal = (values.ENVIRONMENT ?? 'local') === 'local';
  for (const [name, spec] of Object.entries(specs as Specs)) {
    if (isLocal && 'localDefault' in spec) values[name] ??= String(spec.localDefault);
  }
  const config = cleanEnv(values, specs as Specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        problems.push(`${name}: ${(error as Error | undefined)?.message || 'is required but not set'}`);
      }
    },
  });
  if (problems.length === 0 && !isLocal) {
    for (const [name, spec] of Object.entries(specs as Specs)) {
      const { unless = [] } = spec as { unless?: string[] };
      const isNeeded = 'secret' in spec && !unless.some((other) => values[other]);
      if (isNeeded) problems.push(...weakness(name, String(config[name] ?? ''), spec.default));
      if ('localOnly' in spec && values[name] !== undefined)
        problems.push(`${name}: is for ENVIRONMENT=local only; remove it`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze({ ...config }) as unknown as T;
}

/**
 * Replaces `X_FILE` by the value of `X`, removes blanks around values, and leaves out empty variables: compose passes `X=` for
 * a variable that is not set.
 */
function resolveFiles(specs: Specs, source: Source, problems: string[]): Source {
  const values: Source = {};
  for (const [name, spec] of Object.entries(specs)) {
    const file = source[`${name}_FILE`];
    if (!file) {
      const value = 'secret' in spec ? source[name] : source[name]?.trim();
      if (value !== '') values[name] = value;
      continue;
    }
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(`${name}_FILE: the file cannot be read (${(error as Error).message})`);
    }
  }
  return values;
}

/** Sets what a URL says. A part that is also given, with another value, is a problem. */
function fillInParts(specs: Specs, values: Source, problems: string[]): void {
  const given = { ...values };
  for (const [name, spec] of Object.entries(specs)) {
    const text = values[name];
    if (!text || !('parts' in spec) || !URL.canParse(text)) continue;
    const parts = (spec.parts as (value: URL) => Source)(new URL(text));
    for (const [part, value] of Object.entries(parts)) {
      if (value === undefined) continue;
      if (given[part] !== undefined && given[part] !== value)
        problems.push(`${name}: says something else than ${part}; set one of the two`);
      values[part] = value;
    }
  }
}

function weakness(name: string, value: string, standard: unknown): string[] {
  if (value === '') return [`${name}: must be set outside ENVIRONMENT=local (or ${name}_FILE)`];
  if (value === standard) return [`${name}: must not be left at its default outside ENVIRONMENT=local`];
  if (value.length < MIN_SECRET_LENGTH)
    return [`${name}: must have at least ${MIN_SECRET_LENGTH} characters`];
  return [];
}
