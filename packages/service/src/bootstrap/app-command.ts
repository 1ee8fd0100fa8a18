import type { INestApplicationContext, Type } from '@nestjs/common';
import { AppError, UnavailableError } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { type AppOptions, createApp } from './create-app.js';

const PATIENCE_MS = 15_000;

/**
 * Runs an operator's command within the service: it answers nobody, but knows the other processes, and what it changes
 * they know before it ends. Prints what the command says; a refusal exits with 1.
 */
export async function runAppCommand(
  AppModule: Type,
  options: AppOptions,
  work: (nest: INestApplicationContext) => Promise<string>,
): Promise<void> {
  const { nest, close } = await createApp(AppModule, {
    ...options,
    settings: { ...options.settings, LOG_LEVEL: 'error' },
  });
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
