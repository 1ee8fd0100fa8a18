import { describeError, Failure, Interrupted } from './failure.ts';
import { colour, log } from './progress.ts';

/** Node's message about a file of an installed package that is gone, with the file or the one that requires it. */
const INCOMPLETE_PACKAGE =
  /Cannot find (?:module|package) '(?:\.[^']*'\s+Require stack:\s+- )?[^'\n]*\/node_modules\//;

/**
 * Runs a command to its end and exits with the code that it returns, 0 by default. A Failure is printed as its message
 * below its details, without a stack.
 */
export async function runMain(main: () => Promise<number | void>): Promise<never> {
  // A reader that closed its end (`| head`) does not stop the work.
  process.stdout.on('error', () => undefined);
  let exitCode: number;
  try {
    exitCode = (await main()) ?? 0;
  } catch (error) {
    exitCode = report(error);
  }
  // Handles that are still open do not keep the process.
  process.exit(exitCode);
}

function report(error: unknown): number {
  if (error instanceof Interrupted) {
    log('Stopped.');
    return error.exitCode;
  }
  if (error instanceof Failure && error.details) log(colour.dim(error.details));
  log(`${colour.red('Error:')} ${error instanceof Failure ? error.message : describeError(error)}`);
  if (INCOMPLETE_PACKAGE.test(describeError(error)))
    log('An installed package is incomplete: run `rm -r node_modules`, then start again.');
  return 1;
}
