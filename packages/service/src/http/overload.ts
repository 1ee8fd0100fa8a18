import { UnavailableError } from '@repo/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, type Registry } from '@prometheus-io/client';
import { sendProblem } from './error.filter.js';
import { REQUEST_DEADLINE_MS } from './request-hooks.js';

/** So many requests at a time are always let in: enough to keep the process and the database busy. */
const ALWAYS_ADMITTED = 64;
/** More than these never are; the gateway sends 128 (nginx/render.ts), and there may be others. */
const NEVER_EXCEEDED = 256;
/** What an answer may take before more than a few at a time are too many: half of its time. */
const PATIENCE_MS = REQUEST_DEADLINE_MS / 2;
/** Weight of one answer in the running average. */
const WEIGHT = 1 / 32;
/** Made once: it is the stack that makes an error dear. */
const REFUSAL = new UnavailableError('Too many requests are in work; try again.');
const EXEMPT = new Set(['/api/v1/health', '/api/v1/ready']);

/**
 * Refuses at the door what would only wait: with answers taking longer than half of their time, more requests would not
 * get more answers, only later ones, until they wait in vain. What is let in is enough to keep the work going, so throughput
 * stays at its peak.
 */
export class Overload {
  private inFlight = 0;
  private averageMs = 0;

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  register(fastify: FastifyInstance, registry: Registry): void {
    const refused = new Counter({
      name: 'http_requests_refused_total',
      help: 'Requests refused at the door because too many were in work',
      registers: [registry],
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      if (EXEMPT.has(request.routeOptions.url ?? '')) return done();
      if (!this.admits()) {
        refused.inc();
        return sendProblem(REFUSAL, request, reply);
      }
      this.watch(reply);
      done();
    });
  }

  private admits(): boolean {
    if (this.inFlight < ALWAYS_ADMITTED) return true;
    return this.inFlight < NEVER_EXCEEDED && this.averageMs < this.patienceMs;
  }

  private watch({ raw }: FastifyReply): void {
    const since = performance.now();
    this.inFlight += 1;
    // Comes once, whether the answer went out or the client hung up.
    raw.once('close', () => {
      this.inFlight -= 1;
      const ms = performance.now() - since;
      // Quick refusals by what stands behind do not mean that answers have become quick.
      if (raw.statusCode === 503 && ms < this.averageMs) return;
      this.averageMs += (ms - this.averageMs) * WEIGHT;
    });
  }
}
