import { errors, type Msg } from '@nats-io/transport-node';
import type { RequestMap, RequestName } from '@repo/contracts';
import { AppError, type AppErrorJson, CircuitBreaker, requestContext, UnavailableError } from '@repo/core';
import { outgoingHeaders } from './message-headers.js';
import type { NatsClient } from './nats-client.js';

/** Longest wait for an answer. */
export const REQUEST_TIMEOUT_MS = 2_000;
const PROBE_TIMEOUT_MS = 1_000;

export interface RequestOptions {
  timeoutMs?: number;
}

/** The answer on the wire. */
export type Reply<T = unknown> = { data: T } | { error: AppErrorJson };

/** Subject of a request. */
export const requestSubject = (name: string) => `rpc.${name}`;

/** Asks another service, and waits for its answer no longer than the caller of the running request does. */
export class Requests {
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(private readonly nats: NatsClient) {}

  /**
   * @throws AppError what the other service refused with
   * @throws UnavailableError when it, or NATS, is away or does not answer in time
   */
  async request<K extends RequestName>(
    name: K,
    payload: RequestMap[K]['request'],
    { timeoutMs = REQUEST_TIMEOUT_MS }: RequestOptions = {},
  ): Promise<RequestMap[K]['response']> {
    const left = (requestContext()?.deadline ?? Infinity) - Date.now();
    const message = await this.ask(name, JSON.stringify(payload), Math.min(timeoutMs, left));
    const reply = message.json<Reply<RequestMap[K]['response']>>();
    if ('error' in reply) throw AppError.fromJSON(reply.error);
    return reply.data;
  }

  private async ask(name: RequestName, payload: string, timeoutMs: number): Promise<Msg> {
    const breaker = this.breakerOf(name);
    const admitted = breaker.admits();
    const timeout = Math.floor(admitted === 'probe' ? Math.min(timeoutMs, PROBE_TIMEOUT_MS) : timeoutMs);
    if (admitted === 'no' || timeout < 1) throw new UnavailableError();
    try {
      const options = { timeout, headers: outgoingHeaders(timeout) };
      const message = await this.nats.connection.request(requestSubject(name), payload, options);
      breaker.succeeded();
      return message;
    } catch (error) {
      if (error instanceof errors.TimeoutError) breaker.failed();
      throw unavailable(name, error);
    }
  }

  /** A service stands or falls as a whole. */
  private breakerOf(name: RequestName): CircuitBreaker {
    const service = name.slice(0, name.indexOf('.'));
    let breaker = this.breakers.get(service);
    if (!breaker) this.breakers.set(service, (breaker = new CircuitBreaker()));
    return breaker;
  }
}

function unavailable(name: RequestName, error: unknown): UnavailableError {
  if (error instanceof UnavailableError) return error;
  return new UnavailableError(undefined, { cause: new Error(`No answer to ${name}`, { cause: error }) });
}
