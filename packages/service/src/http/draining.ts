import { type Server, Server as NetServer } from 'node:net';
import { setImmediate as nextIteration } from 'node:timers/promises';
import { withDeadline } from '@repo/core';
import type { FastifyInstance } from 'fastify';

/** Longer than the gateway keeps idle connections (nginx/render.ts). */
const TIMEOUT_MS = 3_000;

/**
 * Ends the HTTP connections of a process without losing a request. Each response closes its connection, so that the
 * gateway opens the next one to another replica. Idle connections are left open for the gateway to close, because it may
 * be sending a request on one.
 */
export class Draining {
  started = false;

  start(): void {
    this.started = true;
  }

  register(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.started) reply.header('Connection', 'close');
      done(null, payload);
    });
  }

  /** Accepts no more connections, and waits until the open ones are closed, at most 3 s. */
  async finish(server: Server): Promise<void> {
    if (!server.listening) return;
    await acceptQueueDrained(server);
    // `close` of an HTTP server would close idle connections too.
    const closed = new Promise<unknown>((resolve) => NetServer.prototype.close.call(server, resolve));
    await withDeadline(closed, TIMEOUT_MS);
  }
}

/**
 * Resolves when the accept queue of the kernel is empty: a server that closes resets the connections in it, and loses
 * their requests. Gives up after 3 s of continuous new connections.
 */
async function acceptQueueDrained(server: Server): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  let accepted: boolean;
  const onConnection = () => (accepted = true);
  // The current iteration of the event loop may have polled the queue already.
  await nextIteration();
  server.on('connection', onConnection);
  do {
    accepted = false;
    await nextIteration();
  } while (accepted && performance.now() < end);
  server.off('connection', onConnection);
}
