import type { ConfigClass } from '@repo/config';
import { DeadLetters } from '@repo/messaging';
import { runAppCommand } from './app-command.js';
import type { AppSettings, RootModule } from './create-app.js';

/**
 * The command `replay`: applies all dead letters of a service again, or the one with an event id. Prints the results, and
 * exits with 1 if an event fails again.
 */
export function replayDeadLetters<C extends AppSettings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  [target = 'all']: string[],
): Promise<void> {
  return runAppCommand(AppModule, Config, async (nest) => {
    const replayed = await nest.get(DeadLetters).replay(target === 'all' ? target : { eventId: target });
    if (replayed.some(({ error }) => error !== undefined)) process.exitCode = 1;
    return [
      ...replayed.map(({ event, eventId, error }) => `${event} ${eventId}: ${error ?? 'applied'}`),
      `${nest.get<AppSettings>(Config).service}: ${replayed.length} dead letters replayed`,
    ].join('\n');
  });
}
