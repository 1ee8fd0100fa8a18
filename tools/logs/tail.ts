import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface TailOptions {
  /** Go on with what is appended, also after the file was truncated or replaced. */
  follow: boolean;
}

/** The last lines of a file. */
export async function* tail(path: string, { follow }: TailOptions): AsyncGenerator<string> {
  const args = ['-n', '20', ...(follow ? ['-F'] : []), path];
  const program = spawn('tail', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = () => program.kill();
  process.once('exit', stop);
  try {
    yield* createInterface({ input: program.stdout });
  } finally {
    process.off('exit', stop);
    stop();
  }
}
