import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Failure } from '../../tools/lib/failure.ts';
import { compile, install, isInstalled } from '../../tools/lib/toolchain.ts';
import { root } from './test-stack.ts';

/** Parses the arguments of the command. An unknown or incomplete one is a Failure that shows the usage. */
export function parseArguments<T extends ParseArgsConfig>(usage: string, config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${usage}`);
  }
}

/** Installs and compiles what is missing, and runs a command to its end: exit code 0 if it returns true, else 1. */
export async function runCommand(main: () => Promise<boolean>): Promise<never> {
  try {
    if (!isInstalled(root)) await install(root);
    await compile(root);
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Failure ? `${error.details}\n${error.message}`.trim() : error);
    process.exitCode = 1;
  }
  process.exit();
}
