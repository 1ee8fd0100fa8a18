import type { INestApplicationContext } from '@nestjs/common';
import type { ConfigClass } from '@repo/config';
import { AppError, InvalidInputError, UnavailableError } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { type AppSettings, createApp, type RootModule } from './create-app.js';

const LEASE_TIMEOUT_MS = 15_000;

/**
 * Runs a command for operators in an application of the service that does not listen. The application joins the replica
 * bus, so that all processes have applied a change before the command ends. Prints the result of `work`; an AppError
 * exits with 1.
 */
export async function runAppCommand<C extends AppSettings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  work: (nest: INestApplicationContext) => Promise<string>,
): Promise<void> {
  const config = new Config({ ...process.env, LOG_LEVEL: 'error' });
  const { nest, close } = await createApp(AppModule, config);
  try {
    await nest.init();
    if (!(await nest.get(ReplicaBus).whenLeaseValid(LEASE_TIMEOUT_MS)))
      throw new UnavailableError('NATS is unavailable, so nothing was changed. Check NATS_URL.');
    console.log(await work(nest));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error instanceof InvalidInputError ? error.explanation : error.message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
