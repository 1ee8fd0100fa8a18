// @ts-check
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { seconds } from '../lib/progress.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { compile } from '../lib/toolchain.ts';

/** Editors save in several steps, and several files at once. */
const DEBOUNCE_MS = 100;

/**
 * Keeps a running stack in step with the source: compiles what is saved and restarts the apps it belongs to; a
 * package belongs to all of them. The configuration of the gateway is reloaded.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {import('../stack/stack.ts').Stack} options.stack
 * @param {(sentence: string) => void} options.say
 * @param {AbortSignal} options.signal
 */
export function watchSources({ root, stack, say, signal }) {
  const code = applier((files) => applyCode(files, { root, stack, signal }), { say, signal });
  const gateway = applier(() => applyGateway(stack), { say, signal });
  for (const dir of sourceDirs(root)) {
    watch(join(root, dir), { recursive: true, signal }, (_, file) => {
      if (file?.endsWith('.ts')) code(`${dir}/${file}`);
    });
  }
  watch(join(root, 'nginx'), { recursive: true, signal }, (_, file) => {
    if (file && /\.(conf|ts)$/.test(file) && !file.endsWith('.test.ts')) gateway(file);
  });
}

/**
 * Collects changed files and applies them, one batch after the other.
 *
 * @param {(files: string[]) => Promise<string>} apply  returns what it did
 * @param {{ say: (sentence: string) => void, signal: AbortSignal }} options
 * @returns {(file: string) => void}
 */
function applier(apply, { say, signal }) {
  /** @type {Set<string>} */
  const changed = new Set();
  /** @type {Set<string>} What could not be applied, and so is applied with the next save. */
  const failed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let working = false;

  const work = async () => {
    if (working) return;
    working = true;
    while (changed.size > 0 && !signal.aborted) {
      const since = Date.now();
      const files = [...new Set([...failed, ...changed])];
      changed.clear();
      failed.clear();
      try {
        const done = await apply(files);
        say(`${done} (${seconds(Date.now() - since)})`);
      } catch (error) {
        if (signal.aborted) break;
        for (const file of files) failed.add(file);
        say(
          error instanceof Failure
            ? [error.message, error.details].filter(Boolean).join('\n')
            : String(error),
        );
      }
    }
    working = false;
  };

  return (file) => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => void work(), DEBOUNCE_MS);
  };
}

/** @param {string} root */
function sourceDirs(root) {
  return ['apps', 'packages']
    .flatMap((group) => readdirSync(join(root, group)).map((workspace) => `${group}/${workspace}`))
    .flatMap((workspace) => [`${workspace}/src`, `${workspace}/test`])
    .filter((dir) => existsSync(join(root, dir)));
}

/** @param {import('../stack/stack.ts').Stack} stack */
async function applyGateway(stack) {
  await stack.reloadGateway();
  return 'Reloaded the gateway';
}

/**
 * @param {string[]} files
 * @param {{ root: string, stack: import('../stack/stack.ts').Stack, signal: AbortSignal }} context
 */
async function applyCode(files, { root, stack, signal }) {
  await compile(root, { signal });
  const apps = affected(files.filter((file) => !/\.spec\.ts$|\/test\//.test(file)));
  const migrated = apps.filter((app) =>
    files.some((file) => file.startsWith(`apps/${app}/src/database/migrations/`)),
  );
  await Promise.all(migrated.map((app) => stack.migrate(app)));
  await Promise.all(apps.map((app) => stack.restart(app)));
  return apps.length > 0 ? `Restarted ${apps.join(', ')}` : 'Compiled';
}

/** @param {string[]} files */
function affected(files) {
  return files.some((file) => file.startsWith('packages/'))
    ? SERVICE_NAMES
    : SERVICE_NAMES.filter((name) => files.some((file) => file.startsWith(`apps/${name}/`)));
}
