import { defineConfig, type Parsed, type Source, type Specs } from './define-config.js';

/** The settings of a service as a class: `new` reads and checks them, and providers inject them by the class. */
export interface ConfigClass<T extends object> {
  new (env?: Source): Readonly<T>;
}

/** The variables behind a class of settings, with their defaults and descriptions. */
export interface Documented {
  readonly specs: Specs;
}

/**
 * The base of a class of settings: `class PostsConfig extends configOf('posts', { ...app(), ...nats() }) {}`.
 *
 * @param service name of the service, which its instances have as `service`
 */
export function configOf<T extends Record<string, unknown>>(
  service: string,
  specs: { [K in keyof T]: Parsed<T[K]> },
): ConfigClass<T & { service: string }> & Documented {
  class Config {
    static readonly specs = specs as Specs;

    /** @throws ConfigError that lists every bad variable */
    constructor(env: Source = process.env) {
      Object.assign(this, { service }, defineConfig(specs, env));
      Object.freeze(this);
    }
  }
  // The compiler does not see the fields that Object.assign adds.
  return Config as unknown as ConfigClass<T & { service: string }> & Documented;
}
