import type { LoggerService } from '@nestjs/common';
import { requestContext, traceIdOf } from '@repo/core';
import { type DestinationStream, type Logger as Pino, pino } from 'pino';

const STDOUT = 1;
// Lines are written in batches, because a system call costs more than a line. pino writes the rest at exit.
const BATCH_BYTES = 8_192;
const BATCH_MS = 200;
const SECRETS = ['password', 'token', 'authorization', 'cookie'];

export function openLog(): DestinationStream {
  return pino.destination({
    dest: STDOUT,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: BATCH_MS,
  });
}

/** Creates a logger that writes JSON lines with the request, the trace, the user and the job. */
export function createPino(
  options: { service: string; level: string },
  destination: DestinationStream,
): Pino {
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
        paths: SECRETS.flatMap((name) => [name, `*.${name}`]),
        censor: '[hidden]',
      },
    },
    destination,
  );
}

/** Classes of Nest that log each module and route at start; at the level debug here. */
const FRAMEWORK = new Set<unknown>([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestMicroservice',
]);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export class NestLogger implements LoggerService {
  readonly error = this.writer('error');
  readonly warn = this.writer('warn');
  readonly debug = this.writer('debug');
  readonly verbose = this.writer('trace');
  readonly fatal = this.writer('fatal');

  constructor(private readonly pino: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  private writer(level: Level) {
    return (message: unknown, ...rest: unknown[]): void => this.write(level, message, rest);
  }

  /** The last of `rest` is the name of the class that logs. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const note = rest.length > 1 ? rest.slice(0, -1).map(String).join(' ') : undefined;
    if (message instanceof Error) this.pino[level]({ context, err: message }, note ?? message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ context, ...message });
    else this.pino[level]({ context }, note ? `${String(message)} ${note}` : String(message));
  }
}
