import { after, before } from 'node:test';
import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, type StackFolder, startTestStack } from '../../tools/stack/test-stack.ts';

/** Starts the system with these settings for the tests of a `describe`. GATEWAY_URL is its address. */
export function useStack(env: Record<string, string>): () => Stack {
  let folder: StackFolder;
  let stack: Stack;
  before(async () => {
    folder = createStackFolder('system');
    stack = await startTestStack(folder, { durable: false, env: { LOG_LEVEL: 'warn', ...env } });
    process.env.GATEWAY_URL = stack.gatewayUrl;
  });
  after(async () => {
    await stack?.stop();
    folder.remove();
  });
  return () => stack;
}
