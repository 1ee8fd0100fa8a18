// @ts-check
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { loadSettings } from './environment.ts';
import { Failure, Interrupted } from '../lib/failure.ts';
import { Progress, seconds } from '../lib/progress.ts';
import { startStack } from './stack.ts';
import { stopRequest } from '../lib/stop-request.ts';
import { summary } from './summary.ts';
import { compile, install, isInstalled } from '../lib/toolchain.ts';
import { watchSources } from '../dev/watch.ts';

const USAGE = 'Usage: npm start [-- --fresh]   or   npm run dev [-- --fresh]';
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = join(root, '.local');

const progress = new Progress();
const request = stopRequest();

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
// Whatever still waits for something must not keep us: all processes are stopped.
process.exit();

/** @param {string[]} args */
async function main(args) {
  const unknown = args.filter((arg) => !['--fresh', '--watch'].includes(arg));
  if (unknown.length > 0) throw new Failure(`I do not know ${unknown.join(', ')}. ${USAGE}`);
  const watch = args.includes('--watch');
  const since = Date.now();
  loadSettings(root);

  const { signal } = request;
  const build = buildAll(signal);
  build.catch(() => undefined); // the stack waits for it, and reports
  const stack = await startStack({
    root,
    dir,
    signal,
    fresh: args.includes('--fresh'),
    gatewayPort: gatewayPort(),
    compiled: build,
    say: progress.say,
    step: progress.step,
  });
  progress.say(summary({ stack, dir, watch, colour: progress.colour }));
  progress.say(`${progress.colour.green('Ready')} in ${seconds(Date.now() - since)}.`);
  if (watch) watchSources({ root, stack, say: progress.say, signal });

  const keepAlive = setInterval(() => undefined, 60_000);
  await request.stopped;
  clearInterval(keepAlive);
  await progress.step('Stopping', () => stack.stop());
  return 0;
}

/** @param {AbortSignal} signal */
async function buildAll(signal) {
  if (!isInstalled(root)) await progress.step('Dependencies', () => install(root, { signal }));
  await progress.step('Compiling', () => compile(root, { signal }));
}

function gatewayPort() {
  const text = process.env.GATEWAY_PORT || '8000';
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`GATEWAY_PORT is "${text}", which is no port: give a number from 1 to 65535.`);
}

/** @param {unknown} error */
function report(error) {
  if (error instanceof Interrupted) {
    progress.say('Stopped.');
    return request.exitCode();
  }
  const { red, dim } = progress.colour;
  if (error instanceof Failure) {
    if (error.details) progress.say(dim(error.details));
    progress.say(`${red('Error:')} ${error.message}`);
  } else {
    progress.say(`${red('Error:')} ${error instanceof Error ? error.stack : error}`);
  }
  return 1;
}
