import { type Server, Server as NetServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Longer than the gateway keeps an idle connection (nginx/render.ts). */
const IDLE_LIMIT_MS = 3_000;

/**
 * The end of a process that answers HTTP. No request is lost by it: each answer closes its connection, so clients and
 * the gateway go elsewhere; and an idle connection is left to the other side to close, which may just be sending a
 * request on it.
 */
export class Draining {
  private started = false;

  start(): void {
    this.started = true;
  }

  register(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.started) reply.header('Connection', 'close');
      done(null, payload);
    });
  }

  /** Accepts no new connection, and waits for those there are. */
  async finish(server: Server): Promise<void> {
    if (!server.listening) return;
    await nobodyAtTheDoor(server);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, IDLE_LIMIT_MS)));
    // That of an HTTP server would close idle connections.
    const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
    await Promise.race([closed, limit]);
    clearTimeout(timer);
  }
}

/**
 * Resolves when every connection that the kernel has made is accepted, or so many keep coming that there is no such
 * moment: those in its queue are reset when a server closes, with the requests that were sent on them.
 */
async function nobodyAtTheDoor(server: Server): Promise<void> {
  const end = performance.now() + IDLE_LIMIT_MS;
  let came: boolean;
  await nextTurn(); // The rest of this turn of the event loop may be behind its look at the queue.
  const noteIt = () => (came = true);
  server.on('connection', noteIt);
  do {
    came = false;
    await nextTurn();
  } while (came && performance.now() < end);
  server.off('connection', noteIt);
}
