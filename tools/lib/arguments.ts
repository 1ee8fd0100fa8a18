import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Failure } from './failure.ts';

/** Parses the arguments of the command. An unknown or incomplete one is a Failure that shows the usage. */
export function parseArguments<T extends ParseArgsConfig>(usage: string, config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${usage}`);
  }
}
