import { startTestServers } from './test-servers.ts';

let stop: (() => Promise<void>) | undefined;

/**
 * Jest's globalSetup: starts private servers for this suite and puts their addresses into the environment. Where
 * TEST_SERVERS holds such an environment, as JSON, it uses those servers.
 */
export default async function setup(): Promise<void> {
  const existing = process.env.TEST_SERVERS;
  if (existing) {
    Object.assign(process.env, JSON.parse(existing));
    return;
  }
  const servers = await startTestServers();
  Object.assign(process.env, servers.env);
  stop = servers.stop;
}

/** Stops what `setup` has started. */
export async function stopServers(): Promise<void> {
  await stop?.();
}
