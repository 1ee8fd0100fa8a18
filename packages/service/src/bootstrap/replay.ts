import type { ConfigClass } from '@repo/config';
import { DeadLetters } from '@repo/messaging';
import { runAppCommand } from './app-command.js';
import type { AppSettings, RootModule } from './create-app.js';

/**
 * The `replay` command of a service: applies dead letters again, one by its event id or all of them.
 * Prints what happened; exits with 1 when some failed again.
 */
export function replayDeadLetters<C extends AppSettings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  [which = 'all']: string[],
): Promise<void> {
  return runAppCommand(AppModule, Config, async (nest) => {
    const replayed = await nest.get(DeadLetters).replay(which === 'all' ? which : { eventId: which });
    if (replayed.some(({ error }) => error !== undefined)) process.exitCode = 1;
    return [
      ...replayed.map(({ event, eventId, error }) => `${event} ${eventId}: ${error ?? 'applied'}`),
      `${nest.get<AppSettings>(Config).service}: ${replayed.length} dead letters tried`,
    ].join('\n');
  });
}
