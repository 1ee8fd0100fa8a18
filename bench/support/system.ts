import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';
import { startTestServers } from '../../tools/test/test-servers.ts';

/** Starts private PostgreSQL, Redis and NATS for a benchmark. The environment gets their addresses. */
export async function withServers<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const { env, stop } = await startTestServers();
  Object.assign(process.env, env);
  try {
    return await work(env);
  } finally {
    await stop();
  }
}

/** Starts the whole system for a benchmark, new and empty. */
export async function withStack<T>(work: (stack: Stack, dir: string) => Promise<T>): Promise<T> {
  const folder = createStackFolder('bench');
  try {
    const stack = await startTestStack(folder, { durable: false });
    process.env.GATEWAY_URL = stack.gatewayUrl;
    try {
      return await work(stack, folder.dir);
    } finally {
      await stack.stop();
    }
  } finally {
    folder.remove();
  }
}
