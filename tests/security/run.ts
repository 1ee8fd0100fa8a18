// npm run security: attacks a whole system. Exits with 1 when an attack gets another answer than the expected one.
import { runCommand } from '../support/command.ts';

await runCommand(async () => (await import('./main.ts')).main());
