import { Injectable } from '@nestjs/common';
import { errors } from '@nats-io/transport-node';
import type { RequestMap, RequestName } from '@repo/contracts';
import { AppError, type AppErrorJson, CircuitBreaker, requestContext, UnavailableError } from '@repo/core';
import { outgoingHeaders } from './message-headers.js';
import { NatsClient } from './nats-client.js';

const REQUEST_TIMEOUT_MS = 2_000;
/** Timeout of the test request while the circuit of a service is half-open. */
const TEST_TIMEOUT_MS = 1_000;

export type Reply<T = unknown> = { data: T } | { error: AppErrorJson };

export const requestSubject = (name: string) => `rpc.${name}`;

@Injectable()
export class Requests {
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(private readonly nats: NatsClient) {}

  /**
   * Waits for the response for `timeoutMs`, but not longer than the deadline of the running request. Throws the AppError of
   * the other service, or UnavailableError without a response in time.
   */
  async request<K extends RequestName>(
    name: K,
    payload: RequestMap[K]['request'],
    { timeoutMs = REQUEST_TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<RequestMap[K]['response']> {
    const left = (requestContext()?.deadline ?? Infinity) - Date.now();
    const reply = await this.send<RequestMap[K]['response']>(name, payload, Math.min(timeoutMs, left));
    if ('error' in reply) throw AppError.fromJSON(reply.error);
    return reply.data;
  }

  private async send<T>(name: RequestName, payload: unknown, timeoutMs: number): Promise<Reply<T>> {
    if (timeoutMs < 1) throw new UnavailableError();
    try {
      const message = await this.breakerOf(name).run(
        (state) => {
          const limit = state === 'half-open' ? Math.min(timeoutMs, TEST_TIMEOUT_MS) : timeoutMs;
          const timeout = Math.floor(limit);
          const options = { timeout, headers: outgoingHeaders(timeout) };
          const { connection } = this.nats;
          return this.whileConnected(
            connection.request(requestSubject(name), JSON.stringify(payload), options),
          );
        },
        (error) => error instanceof errors.TimeoutError,
      );
      return message.json<Reply<T>>();
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      const cause = new Error(`No response to ${name}`, { cause: error });
      throw new UnavailableError(undefined, { cause });
    }
  }

  /** Rejects when the connection is lost: the response can no longer arrive. */
  private async whileConnected<T>(response: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = this.nats.on('disconnected', () => reject(new UnavailableError('NATS is unavailable.')));
    try {
      return await Promise.race([response, promise]);
    } finally {
      stop();
    }
  }

  /** One circuit for all requests to a service. */
  private breakerOf(name: RequestName): CircuitBreaker {
    const service = name.slice(0, name.indexOf('.'));
    const breaker = this.breakers.get(service) ?? new CircuitBreaker(service);
    this.breakers.set(service, breaker);
    return breaker;
  }
}
