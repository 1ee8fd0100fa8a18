import { setMaxListeners } from 'node:events';
import { commandLineOf, identityOf, parentOf } from '../processes/process-identity.ts';
import { Interrupted } from './failure.ts';

const PARENT_CHECK_MS = 1_000;

/**
 * A signal that aborts on Ctrl-C, SIGTERM, a closed terminal, or the death of the npm that started this process. Its
 * reason is an Interrupted with the exit code. Further requests are ignored: what stops, stops in order.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const stop = (exitCode: number) => controller.abort(new Interrupted(exitCode));
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  const npm = process.env.npm_lifecycle_event ? npmProcess() : undefined;
  if (npm) setInterval(() => identityOf(npm) ?? stop(143), PARENT_CHECK_MS).unref();
  return controller.signal;
}

/** The npm that runs this script: the closest ancestor that is neither its shell nor the bootstrap. */
function npmProcess(): number | undefined {
  let pid: number | undefined = process.ppid;
  while (pid && /^\S*sh -c |bootstrap\.js/.test(commandLineOf(pid) ?? '')) pid = parentOf(pid);
  return pid;
}
