import { runMain } from '../../tools/lib/main.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';

/** Installs and compiles what is missing, and runs a command to its end: exit code 0 if it returns true, else 1. */
export function runCommand(main: () => Promise<boolean>): Promise<never> {
  return runMain(async () => {
    await prepareCheckout();
    return (await main()) ? 0 : 1;
  });
}
