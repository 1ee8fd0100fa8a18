import type { INestApplicationContext, Type } from '@nestjs/common';
import { AppError } from '../errors/index.js';
import { type AppOptions, createApp } from './create-app.js';

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
    console.log(await work(nest));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
