import type { ConfigClass } from '@repo/config';
import { armFailpoints } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { type App, type AppOptions, type AppSettings, createApp, type RootModule } from './create-app.js';

/** Between "not ready any more" and the end of listening: time for the gateway and the others to notice. */
const DRAIN_MS = 250;
/** A stop that takes longer is ended: something hangs. */
const STOP_LIMIT_MS = 20_000;

/** Starts a service and stops it gracefully on SIGTERM and SIGINT. The whole of a `main.ts`. */
export async function bootstrap<C extends AppSettings>(
  AppModule: RootModule<C>,
  Config: ConfigClass<C>,
  options: AppOptions = {},
): Promise<void> {
  try {
    const config = new Config();
    armFailpoints(config.FAILPOINTS);
    const app = await createApp(AppModule, config, options);
    await app.listen();
    stopOnSignal(app);
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  }
}

function stopOnSignal(app: App): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    app.draining.start();
    app.readiness.stop();
    app.nest.get(ReplicaBus).setReady(false);
    await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    await app.draining.finish(app.nest.getHttpServer());
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      void stop().catch((error: unknown) => {
        console.error(error);
        process.exit(1);
      });
    });
  }
}
