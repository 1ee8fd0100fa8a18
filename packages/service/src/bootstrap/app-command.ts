import type { INestApplicationContext } from '@nestjs/common';
import type { ConfigClass } from '@repo/config';
import { AppError, UnavailableError } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { type AppSettings, createApp, type RootModule } from './create-app.js';

const PATIENCE_MS = 15_000;

/**
 * Runs an operator's command within the service: it answers nobody, but knows the other processes, and what it changes
 * they know before it ends. Prints what the command says; a refusal exits with 1.
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
    if (!(await nest.get(ReplicaBus).whenLeaseValid(PATIENCE_MS)))
      throw new UnavailableError('The other processes cannot be told of it: NATS does not answer.');
    console.log(await work(nest));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
