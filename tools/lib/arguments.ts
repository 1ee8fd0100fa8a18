import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Failure } from './failure.ts';

/** Parses the arguments of the command. `--help` prints the usage; an unknown argument is a Failure that shows it. */
export function parseArguments<T extends ParseArgsConfig>(usage: string, config: T) {
  if (process.argv.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${usage}`);
  }
}
