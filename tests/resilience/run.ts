// npm run resilience: causes real faults in real stacks, and compares what clients were told with what happened.
import { runCommand } from '../support/command.ts';

await runCommand(async () => (await import('./main.ts')).main());
