import { describeError, Failure, Interrupted } from './failure.ts';
import { Progress } from './progress.ts';

/**
 * Runs a command to its end and exits with the code that it returns, 0 by default. A Failure is printed as its message
 * below its details, without a stack.
 */
export async function runMain(
  main: (progress: Progress) => Promise<number | void>,
  progress = new Progress(),
): Promise<never> {
  let exitCode: number;
  try {
    exitCode = (await main(progress)) ?? 0;
  } catch (error) {
    exitCode = report(error, progress);
  }
  // Handles that are still open do not keep the process.
  process.exit(exitCode);
}

function report(error: unknown, { log, colour }: Progress): number {
  if (error instanceof Interrupted) {
    log('Stopped.');
    return error.exitCode;
  }
  if (error instanceof Failure && error.details) log(colour.dim(error.details));
  log(`${colour.red('Error:')} ${error instanceof Failure ? error.message : describeError(error)}`);
  return 1;
}
