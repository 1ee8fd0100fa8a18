import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';

let stop: (() => Promise<void>) | undefined;

/**
 * Jest's globalSetup: starts the whole system, new and empty. With GATEWAY_URL the system at that address is tested
 * instead, and nothing is started. That system should be new, too: calls without a token share one small quota.
 */
export default async function setup(): Promise<void> {
  if (process.env.GATEWAY_URL) {
    if (process.env.TURBO_HASH)
      throw new Error(
        'turbo would repeat a stored result for GATEWAY_URL: run `pnpm --filter @repo/tests e2e` instead.',
      );
    return;
  }
  const folder = createStackFolder('e2e');
  try {
    const stack = await startTestStack(folder, {
      durable: false,
      env: { ENVIRONMENT: 'local', LOG_LEVEL: 'warn' },
      log: console.log,
    });
    process.env.GATEWAY_URL = stack.gatewayUrl;
    // Tests that kill a process read its id from this folder.
    process.env.STACK_DIR = folder.dir;
    stop = async () => {
      await stack.stop();
      folder.remove();
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** Stops what `setup` has started. */
export async function stopStack(): Promise<void> {
  await stop?.();
}
