import { UnavailableError } from '@repo/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, type Registry } from '@prometheus-io/client';
import { sendProblem } from './error.filter.js';
import { REQUEST_DEADLINE_MS } from './request-hooks.js';

/** Up to this number of concurrent requests none is rejected: it keeps the process and the database busy. */
const MIN_LIMIT = 64;
/** Above this number all are rejected. One gateway sends at most 128 (nginx/render.ts). */
const MAX_LIMIT = 256;
/** Average latency from which requests above `MIN_LIMIT` are rejected. */
const MAX_LATENCY_MS = REQUEST_DEADLINE_MS / 2;
/** Weight of one response in the moving average. */
const WEIGHT = 1 / 32;
/** Created once: capturing a stack trace is the main cost of a rejection. */
const REJECTION = new UnavailableError('Too many requests are in work; try again.');
const EXEMPT = new Set(['/api/v1/health', '/api/v1/ready']);

/**
 * Load shedding: rejects requests with 503 that would exceed their deadline anyway. While responses take more than half
 * of the deadline, more concurrent requests only make all of them slower.
 */
export class LoadShedding {
  private inFlight = 0;
  private averageMs = 0;

  constructor(private readonly maxLatencyMs = MAX_LATENCY_MS) {}

  register(fastify: FastifyInstance, registry: Registry): void {
    const rejected = new Counter({
      name: 'http_requests_refused_total',
      help: 'Requests rejected by load shedding',
      registers: [registry],
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      if (EXEMPT.has(request.routeOptions.url ?? '')) return done();
      if (!this.admits()) {
        rejected.inc();
        return sendProblem(REJECTION, request, reply);
      }
      this.measure(reply);
      done();
    });
  }

  private admits(): boolean {
    if (this.inFlight < MIN_LIMIT) return true;
    return this.inFlight < MAX_LIMIT && this.averageMs < this.maxLatencyMs;
  }

  private measure({ raw }: FastifyReply): void {
    const since = performance.now();
    this.inFlight += 1;
    // Emitted once, after the response or when the client disconnects.
    raw.once('close', () => {
      this.inFlight -= 1;
      const ms = performance.now() - since;
      // A fast 503 of a dependency does not show that responses are fast again.
      if (raw.statusCode === 503 && ms < this.averageMs) return;
      this.averageMs += (ms - this.averageMs) * WEIGHT;
    });
  }
}
