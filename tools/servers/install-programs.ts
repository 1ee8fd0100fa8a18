import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { run } from '../lib/run.ts';
import { findProgram, type Program, type ProgramName, REQUIREMENTS } from './programs.ts';

interface InstallOptions {
  /** Receives a sentence before anything is installed. */
  log: (sentence: string) => void;
  signal?: AbortSignal;
}

/**
 * The programs, installed by the package manager of the system where they are missing. Their folders, such as /usr/sbin,
 * are on the PATH then: tests start the servers by name.
 */
export async function ensurePrograms<Name extends ProgramName>(
  names: readonly Name[],
  options: InstallOptions,
): Promise<Record<Name, Program>> {
  const found = await findPrograms(names);
  const isMissing = (name: Name) => !found[name];
  const missing = names.filter(isMissing);
  if (missing.length > 0) {
    await install(missing, options);
    Object.assign(found, await findPrograms(missing));
  }
  const stillMissing = names.filter(isMissing);
  if (stillMissing.length > 0) throw new Failure(remedyFor(stillMissing));
  const programs = found as Record<Name, Program>;
  const dirs = Object.values<Program>(programs).map(({ path }) => dirname(path));
  process.env.PATH = [...new Set([process.env.PATH, ...dirs])].join(delimiter);
  return programs;
}

async function findPrograms<Name extends ProgramName>(names: readonly Name[]) {
  const entries = await Promise.all(names.map(async (name) => [name, await findProgram(name)]));
  return Object.fromEntries(entries) as Partial<Record<Name, Program>>;
}

async function install(missing: ProgramName[], { log, signal }: InstallOptions): Promise<void> {
  const titles = missing.map((name) => REQUIREMENTS[name].title).join(', ');
  const apt = packagesOf(missing, 'apt');
  const brew = packagesOf(missing, 'brew');
  const asRoot = onPath('apt-get') ? await rootPrefix() : undefined;
  if (asRoot) {
    log(`Installing ${titles} with apt-get (${apt.join(' ')}).`);
    const [command = '', ...args] = [...asRoot, 'sh', '-c', APT_SCRIPT, 'apt', ...apt];
    const message = `apt-get could not install ${apt.join(' ')}. ${remedyFor(missing)}`;
    await run(command, args, { signal, message });
  } else if (onPath('brew')) {
    log(`Installing ${titles} with Homebrew (${brew.join(' ')}).`);
    const message = `brew could not install ${brew.join(' ')}. ${remedyFor(missing)}`;
    await run('brew', ['install', ...brew], { signal, message });
  } else throw new Failure(remedyFor(missing));
}

/** Installs without starting a service: a `policy-rc.d` that exits with 101 forbids Debian to start new services. */
const APT_SCRIPT = `
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -qy --no-install-recommends "$@"
`;

/** The beginning of a command that runs as root; undefined where that needs a password. */
async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return undefined;
  const { code } = await run('sudo', ['-n', 'true'], { allowFailure: true });
  return code === 0 ? ['sudo', '-n'] : undefined;
}

function remedyFor(missing: ProgramName[]): string {
  const list = missing.map((name) => `${REQUIREMENTS[name].title} ${REQUIREMENTS[name].minimum} or newer`);
  const problem = `Missing: ${list.join(', ')}.`;
  if (onPath('apt-get'))
    return `${problem} Install with: sudo apt-get install -y ${packagesOf(missing, 'apt').join(' ')}`;
  if (process.platform === 'darwin')
    return `${problem} Install with: brew install ${packagesOf(missing, 'brew').join(' ')}`;
  return `${problem} Install them with your package manager, so that their programs are on the PATH.`;
}

function packagesOf(names: ProgramName[], manager: 'apt' | 'brew'): string[] {
  return names.map((name) => REQUIREMENTS[name][manager]);
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => dir && existsSync(join(dir, program)));
}
