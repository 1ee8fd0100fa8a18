import type { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

const MAX_STATEMENT = 300;

/** SQLSTATE or error code of Node → what an operator can do. */
const REMEDIES: [code: RegExp, remedy: string][] = [
  [/^28/, 'correct the name and the password of the role'],
  [/^3D000$/, 'create the database, or correct POSTGRES_DB'],
  [/^42501$/, 'give the role this right'],
  [/^53100$/, 'free space on its disk'],
  [/^53300$/, 'raise max_connections, or lower POSTGRES_POOL_SIZE'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'correct POSTGRES_SERVER'],
  [
    /^(ECONN\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/,
    'start it, or correct POSTGRES_SERVER and POSTGRES_PORT',
  ],
];

/** An error of PostgreSQL as one sentence with cause, place and remedy; undefined for an error with no known remedy. */
export function explainError(
  error: unknown,
  { host, port }: { host?: string; port?: number },
): string | undefined {
  const { code = '', message } = causeOf(error);
  const [, remedy] = REMEDIES.find(([pattern]) => pattern.test(code)) ?? [];
  return remedy && `PostgreSQL at ${host}:${port}: ${message}: ${remedy}.`;
}

/** The statement that failed, and what PostgreSQL says about it. */
export function describeStatement(error: unknown): string {
  const { message, detail, hint } = causeOf(error);
  const statement = error instanceof QueryFailedError ? ` Statement: ${shorten(error.query)}` : '';
  return `${[message, detail, hint].filter(Boolean).join('. ')}.${statement}`;
}

/** Of a host with several addresses, the error of the first. */
function causeOf(error: unknown): Partial<DatabaseError> & { message: string } {
  if (error instanceof QueryFailedError) return error.driverError as DatabaseError;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0] as DatabaseError;
  return error as DatabaseError;
}

function shorten(statement: string): string {
  const line = statement.replace(/\s+/g, ' ').trim();
  return line.length > MAX_STATEMENT ? `${line.slice(0, MAX_STATEMENT)} …` : line;
}
