// @ts-check
import { watch } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { seconds } from './progress.mjs';
import { APPS } from './stack.mjs';
import { compile } from './toolchain.mjs';

/** Editors save in several steps, and several files at once. */
const DEBOUNCE_MS = 120;

/**
 * Keeps a running stack in step with the source: compiles what is saved and restarts the apps it belongs to; a
 * package belongs to all of them. The configuration of the gateway is reloaded.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {import('./stack.mjs').Stack} options.stack
 * @param {(sentence: string) => void} options.say
 * @param {AbortSignal} options.signal
 */
export function watchSources({ root, stack, say, signal }) {
  /** @type {Set<string>} */
  const changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let working = false;

  const work = async () => {
    if (working) return;
    working = true;
    while (changed.size > 0 && !signal.aborted) {
      const since = Date.now();
      const files = [...changed];
      changed.clear();
      try {
        const done = await apply(files, { root, stack, signal });
        if (done) say(`${done} (${seconds(Date.now() - since)})`);
      } catch (error) {
        if (signal.aborted) break;
        // Not forgotten: what could not be applied now is applied with the next save.
        pending.push(...files);
        say(
          error instanceof Failure
            ? [error.message, error.details].filter(Boolean).join('\n')
            : String(error),
        );
      }
    }
    working = false;
  };
  /** @type {string[]} */
  const pending = [];
  for (const dir of ['apps', 'packages', 'nginx']) {
    watch(join(root, dir), { recursive: true, signal }, (_, file) => {
      if (!file || !isSource(dir, file)) return;
      for (const path of [...pending.splice(0), join(dir, file)]) changed.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => void work(), DEBOUNCE_MS);
    });
  }
}

/**
 * @param {string} dir
 * @param {string} file
 */
function isSource(dir, file) {
  return dir === 'nginx'
    ? /\.(conf|mjs)$/.test(file)
    : /^[^/]+\/(src|test)\/.*\.ts$/.test(file) && !file.includes('node_modules');
}

/**
 * @param {string[]} files
 * @param {{ root: string, stack: import('./stack.mjs').Stack, signal: AbortSignal }} context
 */
async function apply(files, { root, stack, signal }) {
  const done = [];
  if (files.some((file) => file.startsWith('nginx/'))) {
    await stack.reloadGateway();
    done.push('reloaded the gateway');
  }
  const code = files.filter((file) => !file.startsWith('nginx/'));
  if (code.length > 0) {
    await compile(root, { signal });
    const apps = affected(code.filter((file) => !/\.spec\.ts$|\/test\//.test(file)));
    const migrated = apps.filter((app) =>
      code.some((file) => file.startsWith(`apps/${app}/src/database/migrations/`)),
    );
    await Promise.all(migrated.map((app) => stack.migrate(app)));
    await Promise.all(apps.map((app) => stack.restart(app)));
    done.push(apps.length > 0 ? `restarted ${apps.join(', ')}` : 'compiled');
  }
  return done.join('; ');
}

/** @param {string[]} files */
function affected(files) {
  const names = APPS.map(({ name }) => name);
  return files.some((file) => file.startsWith('packages/'))
    ? names
    : names.filter((name) => files.some((file) => file.startsWith(`apps/${name}/`)));
}
