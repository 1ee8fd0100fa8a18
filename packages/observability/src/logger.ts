import type { LoggerService } from '@nestjs/common';
import { requestContext, traceIdOf } from '@repo/core';
import { type Logger as Pino, pino } from 'pino';

const STDOUT = 1;
/** A system call for each line costs more than the line. What waits is written at the exit of the process, too. */
const BATCH_BYTES = 8_192;
const BATCH_MS = 200;

/** Log lines as JSON, each with the request, the trace and the user that it belongs to. */
export function createPino(options: { service: string; level: string }): Pino {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const context = requestContext();
        if (!context) return {};
        const { requestId, traceparent, user, jobId } = context;
        const trace = traceIdOf(traceparent);
        return { request_id: requestId, trace_id: trace, user_id: user?.id, job_id: jobId };
      },
      redact: {
        paths: [
          'password',
          '*.password',
          'token',
          '*.token',
          'authorization',
          '*.authorization',
          'cookie',
          '*.cookie',
        ],
        censor: '[hidden]',
      },
    },
    pino.destination({ dest: STDOUT, sync: false, minLength: BATCH_BYTES, periodicFlush: BATCH_MS }),
  );
}

/** Nest tells of every module and route at each start. */
const FRAMEWORK = new Set<unknown>([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestMicroservice',
]);

/** Nest's own logger, written by pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the name of the logging class last. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const note = rest.length > 1 ? rest.slice(0, -1).map(String).join(' ') : undefined;
    if (message instanceof Error) this.pino[level]({ context, err: message }, note ?? message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ context, ...message });
    else this.pino[level]({ context }, note ? `${String(message)} ${note}` : String(message));
  }
}
