import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type AppError, toProblem } from '@repo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, throwError } from 'rxjs';
import { toAppError } from './to-app-error.js';

/** Translates errors into responses: problem details over HTTP, AppErrors over NATS. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void | Observable<never> {
    const error = toAppError(exception);
    if (error.status >= 500) this.log(error, exception);
    if (error.status === 403) this.logger.warn({ event: 'access.refused', msg: error.detail });
    if (host.getType() !== 'http') return throwError(() => error);

    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private log(error: AppError, exception: unknown): void {
    const cause =
      exception instanceof Error && exception.cause instanceof Error ? exception.cause : exception;
    if (error.status === 500) this.logger.error(cause);
    else this.logger.warn(cause instanceof Error ? cause.message : error.detail);
  }
}

export function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) return;
  void reply
    .status(error.status)
    .headers({ ...error.headers, 'Cache-Control': 'no-store' })
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, { instance: pathOf(request.url), requestId: String(request.id) })));
}

export function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}
