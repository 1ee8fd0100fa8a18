import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import {
  type ConfigClass,
  type postgres,
  SettingsError,
  type SettingsOf,
  similarNames,
  type Specs,
} from '@repo/config';
import { armFailpoints, StartError } from '@repo/core';
import { explainError } from '@repo/database';
import { ReplicaBus } from '@repo/messaging';
import { collectGarbageOfStart } from './collect-garbage.js';
import { Streams } from '../http/streams.js';
import { type AppOptions, type AppSettings, createApp, type RootModule } from './create-app.js';

/** Time for the gateway and the other services to see that the process is not ready. */
const NOT_READY_MS = 250;
/** Time for the whole stop. A process that takes longer hangs, and exits with 1. */
const STOP_TIMEOUT_MS = 20_000;

/** Starts a service, and stops it gracefully on SIGTERM and SIGINT. The promise never settles: the process exits. */
export async function bootstrap<C extends AppSettings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  options: AppOptions = {},
): Promise<void> {
  let config: C | undefined;
  try {
    config = new Config();
    armFailpoints(config.FAILPOINTS);
    const app = await createApp(AppModule, config, options);
    warnAboutNames(Config.specs);
    await app.listen();
    collectGarbageOfStart();
    await new Promise((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    app.draining.start();
    if (config.PORT !== undefined) app.nest.get(Streams).end();
    app.readiness.stop();
    app.nest.get(ReplicaBus).setReady(false);
    await delay(NOT_READY_MS);
    await app.draining.finish(app.nest.getHttpServer());
    await app.close();
    process.exit(0);
  } catch (error) {
    console.error(describeStartError(error, config));
    process.exit(1);
  }
}

/** A sentence for a mistake of the operator; the error itself, with its stack, for a fault of the code. */
function describeStartError(error: unknown, config: object = {}): unknown {
  if (error instanceof SettingsError || error instanceof StartError) return error.message;
  const { POSTGRES_SERVER: host, POSTGRES_PORT: port } = config as Partial<SettingsOf<typeof postgres>>;
  return explainError(error, { host, port }) ?? error;
}

/** Warns about variables that are probably misspelt, and have no effect. */
function warnAboutNames(specs: Specs): void {
  const known = Object.keys(specs).flatMap((name) => [name, `${name}_FILE`]);
  for (const { name, nearest } of similarNames(Object.keys(process.env), known))
    new Logger('Settings').warn(`${name} is not a setting. Did you mean ${nearest}?`);
}
