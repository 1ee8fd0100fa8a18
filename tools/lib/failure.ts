/** An error for operators: a sentence with the cause and the remedy, and optionally the output that shows the cause. */
export class Failure extends Error {
  readonly details: string;

  constructor(message: string, { details = '', cause }: { details?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'Failure';
    this.details = details.trimEnd();
  }
}

/** The work was stopped on request: by the user, or because another part of it failed. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode = 1) {
    super('Interrupted.');
    this.name = 'Interrupted';
    this.exitCode = exitCode;
  }
}

/** A text of an error for people: message and details of a Failure, the stack of any other error. */
export function describeError(error: unknown): string {
  if (error instanceof Failure) return [error.details, error.message].filter(Boolean).join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
