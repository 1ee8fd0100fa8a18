import { UnavailableError } from '@repo/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, type Registry } from '@prometheus-io/client';
import { sendProblem } from './error.filter.js';
import { REQUEST_DEADLINE_MS } from './request-hooks.js';
import { isStreaming } from './streams.js';

/** Up to this number of concurrent requests none is rejected: it keeps the process and the database busy. */
const MIN_LIMIT = 64;
/** Above this number all are rejected. One gateway sends at most 1,024 (nginx/render.ts). */
const MAX_LIMIT = 2_048;
/** Expected time in queue from which requests above `MIN_LIMIT` are rejected. */
const MAX_WAIT_MS = REQUEST_DEADLINE_MS / 2;
/** With fewer concurrent requests, the time between two responses shows how few come, not how long one takes. */
const BUSY = 8;
const MIN_RESPONSES = 32;
/** Responses come in groups, one for each turn of the event loop: a sample has several. */
const MIN_SAMPLE_MS = 500;
/** Created once: it would be the main cost of a rejection. */
const REJECTION = new UnavailableError('Too many requests are in work; try again.');
const EXEMPT = new Set(['/api/v1/health', '/api/v1/ready']);

/**
 * Load shedding: rejects requests with 503 that would exceed their deadline anyway. The time in queue is the number of
 * requests in progress times the average time between two responses (Little's law), so that a burst of fast requests
 * is served, and a few slow ones are not joined by more.
 */
export class LoadShedding {
  private inFlight = 0;
  /** Moving average of the time between two responses while the process is busy; 0 when it is idle. */
  private msPerResponse = 0;
  private sample = { startedAt: 0, responses: 0 };

  constructor(private readonly maxWaitMs = MAX_WAIT_MS) {}

  register(fastify: FastifyInstance, registry: Registry): void {
    const rejected = new Counter({
      name: 'http_requests_refused_total',
      help: 'Requests rejected by load shedding',
      registers: [registry],
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      if (EXEMPT.has(request.routeOptions.url ?? '') || isStreaming(request)) return done();
      if (!this.admits()) {
        rejected.inc();
        return sendProblem(REJECTION, request, reply);
      }
      this.count(reply);
      done();
    });
  }

  private admits(): boolean {
    if (this.inFlight < MIN_LIMIT) return true;
    return this.inFlight < MAX_LIMIT && this.inFlight * this.msPerResponse < this.maxWaitMs;
  }

  private count({ raw }: FastifyReply): void {
    this.inFlight += 1;
    if (this.inFlight === BUSY) this.sample = { startedAt: performance.now(), responses: 0 };
    // Emitted once, after the response or when the client disconnects.
    raw.once('close', () => {
      // A fast 503 of a dependency does not show that responses are fast.
      if (this.inFlight >= BUSY && raw.statusCode !== 503) this.measure();
      this.inFlight -= 1;
      if (this.inFlight === 0) this.msPerResponse = 0;
    });
  }

  private measure(): void {
    const { sample } = this;
    sample.responses += 1;
    const now = performance.now();
    const ms = now - sample.startedAt;
    if (sample.responses < MIN_RESPONSES || ms < MIN_SAMPLE_MS) return;
    this.msPerResponse = (this.msPerResponse + ms / sample.responses) / 2;
    this.sample = { startedAt: now, responses: 0 };
  }
}
