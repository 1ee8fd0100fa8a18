import { defineConfig, type Parsed, type Source, type Specs } from './define-config.js';

/** A class of settings. `new` reads and validates them; providers inject them by the class. */
export interface ConfigClass<T extends object> {
  new (env?: Source): Readonly<T>;
}

/** The variables of a class of settings, with their defaults and descriptions. */
export interface Documented {
  readonly specs: Specs;
}

/**
 * Base class of the settings of a service: `class PostsConfig extends configOf('posts', { ...app(), ...nats() }) {}`.
 *
 * @param service name of the service, which is the property `service`
 */
export function configOf<T extends Record<string, unknown>>(
  service: string,
  specs: { [K in keyof T]: Parsed<T[K]> },
): ConfigClass<T & { service: string }> & Documented {
  class Config {
    static readonly specs = specs as Specs;

    /** @throws ConfigError with all invalid variables */
    constructor(env: Source = process.env) {
      Object.assign(this, { service }, defineConfig(specs, env));
      Object.freeze(this);
    }
  }
  // TypeScript does not know the properties that Object.assign adds.
  return Config as unknown as ConfigClass<T & { service: string }> & Documented;
}
