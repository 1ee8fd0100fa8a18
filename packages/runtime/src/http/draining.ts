import type { FastifyInstance } from 'fastify';

/**
 * From the moment the process is told to stop, every answer closes its connection: clients and the gateway go
 * elsewhere while what is in flight is finished.
 */
export class Draining {
  private started = false;

  get active(): boolean {
    return this.started;
  }

  start(): void {
    this.started = true;
  }

  register(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.started) reply.header('Connection', 'close');
      done(null, payload);
    });
  }
}
