// npm start: the whole system on this machine. npm run dev: the same, and a saved file restarts what it belongs to.
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArguments } from '../lib/arguments.ts';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { colour, log, seconds, step } from '../lib/progress.ts';
import { ROOT } from '../lib/root.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { prepareCheckout } from '../lib/toolchain.ts';
import { loadSettings } from './settings.ts';
import { startStack } from './stack.ts';
import { summary } from './summary.ts';

const USAGE = 'Usage: npm start [-- --fresh]   or   npm run dev [-- --fresh]';

await runMain(async () => {
  const since = Date.now();
  const signal = stopSignal();
  const { fresh, watch } = parseArguments(USAGE, {
    options: { fresh: { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
  }).values;
  for (const warning of loadSettings()) log(`${colour.yellow('Warning:')} ${warning}`);

  const dir = join(ROOT, '.local');
  const compiled = prepareCheckout({ signal, step });
  compiled.catch(() => undefined); // startStack waits for it, and rejects
  const stack = await startStack({ dir, signal, fresh, gatewayPort: gatewayPort(), compiled, log, step });
  log(summary(stack, { dir, watch }));
  log(`${colour.green('Ready')} in ${seconds(Date.now() - since)}.`);
  if (watch) {
    // It needs a dependency, which a fresh clone lacks until here.
    const { watchSources } = await import('../dev/watch.ts');
    watchSources({ stack, log, signal });
  }

  const keepAlive = setInterval(() => undefined, 60_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(keepAlive);
  await step('Stopping', () => stack.stop());
});

function gatewayPort(): number {
  const text = process.env.GATEWAY_PORT || '8000';
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`GATEWAY_PORT is "${text}": set it to a port, a number from 1 to 65535.`);
}
