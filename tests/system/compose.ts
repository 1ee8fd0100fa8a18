// The system in Docker Compose, part by part.
//
//   node --test tests/system/compose.ts
//   node --test --test-name-pattern='rollouts|healing' tests/system/compose.ts   some parts
import { prepareCheckout } from '../../tools/lib/toolchain.ts';

// The parts use the compiled API client.
await prepareCheckout();
await import('./compose/parts.ts');
