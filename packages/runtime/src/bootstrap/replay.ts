import type { Type } from '@nestjs/common';
import { DeadLetters } from '../messaging/index.js';
import { type AppOptions, createApp } from './create-app.js';

/**
 * The `replay` command of a service: applies dead letters again, one by its event id or all of them.
 * Prints what happened; exits with 1 when some failed again.
 */
export async function replayDeadLetters(
  AppModule: Type,
  options: AppOptions,
  [which = 'all']: string[],
): Promise<void> {
  const { nest, close } = await createApp(AppModule, {
    ...options,
    settings: { ...options.settings, LOG_LEVEL: 'error' },
  });
  try {
    await nest.init();
    const replayed = await nest.get(DeadLetters).replay(which === 'all' ? which : { eventId: which });
    for (const { event, eventId, error } of replayed)
      console.log(`${event} ${eventId}: ${error ?? 'applied'}`);
    console.log(`${options.service}: ${replayed.length} dead letters tried`);
    if (replayed.some(({ error }) => error !== undefined)) process.exitCode = 1;
  } finally {
    await close();
  }
}
