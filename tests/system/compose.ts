// Builds and starts the compose stack, checks it part by part, and removes it.
//
//   node tests/system/compose.ts                           every part
//   node tests/system/compose.ts rollouts replicas         these parts
//   node tests/system/compose.ts rollouts --requests=5000  with at least so many requests
import { prepareCheckout } from '../../tools/lib/toolchain.ts';

// The parts use the compiled API client.
await prepareCheckout();
await import('./compose/main.ts');
