// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { run } from '../lib/run.ts';
import { findPrograms, WANTED } from './server-programs.ts';

/**
 * Programs, installed by the system's package manager where they are missing.
 *
 * @template {import('./server-programs.ts').ProgramName} Name
 * @param {object} options
 * @param {Name[]} options.names
 * @param {(sentence: string) => void} options.say  told before anything is installed
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Record<Name, import('./server-programs.ts').Program>>}
 */
export async function ensurePrograms({ names, say, signal }) {
  const { found, missing } = await findPrograms(names);
  if (missing.length > 0) {
    await install(missing, { say, signal });
    const again = await findPrograms(missing);
    if (again.missing.length > 0) throw new Failure(wayOut(again.missing));
    Object.assign(found, again.found);
  }
  return /** @type {any} */ (found);
}

/**
 * @param {import('./server-programs.ts').ProgramName[]} missing
 * @param {{ say: (sentence: string) => void, signal?: AbortSignal }} options
 */
async function install(missing, { say, signal }) {
  const titles = missing.map((name) => WANTED[name].title).join(', ');
  if (onPath('apt-get')) {
    const root = await becomingRoot();
    if (root) {
      const packages = missing.map((name) => WANTED[name].packageNames.apt);
      say(`Installing ${titles} with apt-get (${packages.join(' ')}).`);
      const [command, ...prefix] = [...root, 'sh', '-c', APT, 'apt', ...packages];
      await run(command, prefix, {
        signal,
        otherwise: `apt-get could not install ${packages.join(' ')}. ${wayOut(missing)}`,
      });
      return;
    }
  } else if (onPath('brew')) {
    const packages = missing.map((name) => WANTED[name].packageNames.brew);
    say(`Installing ${titles} with Homebrew (${packages.join(' ')}).`);
    await run('brew', ['install', ...packages], {
      signal,
      otherwise: `brew could not install ${packages.join(' ')}. ${wayOut(missing)}`,
    });
    return;
  }
  throw new Failure(wayOut(missing));
}

/**
 * Installs without starting anything: `policy-rc.d` is how Debian asks whether a fresh service may start. We run
 * the servers ourselves, on ports of our own.
 */
const APT = `
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -qy --no-install-recommends "$@"
`;

/** @returns {Promise<string[] | undefined>} what to put before a command that needs root */
async function becomingRoot() {
  if (process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return undefined;
  const { code } = await run('sudo', ['-n', 'true'], { allowFailure: true });
  return code === 0 ? ['sudo', '-n'] : undefined;
}

/** @param {import('./server-programs.ts').ProgramName[]} missing */
function wayOut(missing) {
  const list = missing.map((name) => `${WANTED[name].title} ${WANTED[name].minimum} or newer`).join(', ');
  const packages = /** @param {'apt' | 'brew'} kind */ (kind) =>
    missing.map((name) => WANTED[name].packageNames[kind]).join(' ');
  if (onPath('apt-get')) return `Missing: ${list}. Install with: sudo apt-get install -y ${packages('apt')}`;
  if (process.platform === 'darwin')
    return `Missing: ${list}. Install with: brew install ${packages('brew')}`;
  return `Missing: ${list}. Install them with your package manager, so that their programs are on the PATH.`;
}

/** @param {string} program */
function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => dir && existsSync(join(dir, program)));
}
