import { globSync } from 'node:fs';
import { watch } from 'chokidar';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { describeError } from '../lib/failure.ts';
import { seconds } from '../lib/progress.ts';
import { ROOT } from '../lib/root.ts';
import { compile } from '../lib/toolchain.ts';
import type { Stack } from '../stack/stack.ts';

/** Editors save in several steps, and several files together. */
const DEBOUNCE_MS = 100;

interface WatchOptions {
  stack: Stack;
  log: (sentence: string) => void;
  signal: AbortSignal;
}

/**
 * Applies saved files to a running stack: it compiles code and restarts the apps that use it (all of them after a
 * change of a package), and reloads a changed configuration of the gateway.
 */
export function watchSources({ stack, log, signal }: WatchOptions): void {
  const code = batches((files) => applyCode(files, stack, signal), { log, signal });
  const gateway = batches(
    async () => {
      await stack.reloadGateway();
      return 'Reloaded the gateway';
    },
    { log, signal },
  );
  const folders = [...globSync('{apps,packages}/*/{src,test}', { cwd: ROOT }), 'nginx'];
  const watcher = watch(folders, { cwd: ROOT, ignoreInitial: true, ignored: /node_modules/ });
  watcher.on('all', (_, file) => {
    if (file.startsWith('nginx/') && file.endsWith('.conf')) gateway(file);
    else if (file.endsWith('.ts')) code(file);
  });
  signal.addEventListener('abort', () => void watcher.close(), { once: true });
}

/**
 * Collects changed files and applies them, one batch after the other. `apply` returns what it did. Files of a batch
 * that failed are in the next batch again.
 */
function batches(
  apply: (files: string[]) => Promise<string>,
  { log, signal }: Pick<WatchOptions, 'log' | 'signal'>,
): (file: string) => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();

  const applyAll = async () => {
    const since = Date.now();
    const files = [...changed];
    if (files.length === 0 || signal.aborted) return;
    changed.clear();
    try {
      const done = await apply(files);
      log(`${done} (${seconds(Date.now() - since)})`);
    } catch (error) {
      for (const file of files) changed.add(file);
      if (!signal.aborted) log(describeError(error));
    }
  };

  return (file) => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(applyAll);
    }, DEBOUNCE_MS);
  };
}

async function applyCode(files: string[], stack: Stack, signal: AbortSignal): Promise<string> {
  await compile({ signal });
  const apps = affectedApps(files.filter((file) => !/\.spec\.ts$|\/test\//.test(file)));
  const migrated = apps.filter((app) =>
    files.some((file) => file.startsWith(`apps/${app}/src/database/migrations/`)),
  );
  await Promise.all(migrated.map((app) => stack.migrate(app)));
  await Promise.all(apps.map((app) => stack.restart(app)));
  return apps.length > 0 ? `Restarted ${apps.join(', ')}` : 'Compiled';
}

function affectedApps(files: string[]): string[] {
  if (files.some((file) => file.startsWith('packages/'))) return SERVICE_NAMES;
  return SERVICE_NAMES.filter((name) => files.some((file) => file.startsWith(`apps/${name}/`)));
}
