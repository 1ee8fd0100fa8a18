// @ts-check
// Runs a command of an app against the stack of `npm start`: npm run app -- posts migrate generate create-comments
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings, migrationEnvironment, serviceEnvironment } from './environment.ts';
import { givenServers } from './given-servers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = join(root, '.local');
const [app = '', command = '', ...args] = process.argv.slice(2);

const commands = commandsOf(app);
const file = commands.get(command);
if (!file) {
  const known =
    commands.size > 0
      ? `${app} knows: ${[...commands.keys()].join(', ')}`
      : `there is no app "${app}", or it is not compiled yet`;
  fail(`Usage: npm run app -- <app> <command> [arguments]; ${known}.`);
}
if (!existsSync(join(dir, 'ports.json')))
  fail('The local stack has never been started: run `npm start` first, in another terminal.');

loadSettings(root);
const surroundings = {
  base: process.env,
  ports: JSON.parse(readFileSync(join(dir, 'ports.json'), 'utf8')),
  given: givenServers(process.env),
  secretsDir: join(dir, 'secrets'),
};
const env =
  command === 'migrate' ? migrationEnvironment(app, surroundings) : serviceEnvironment(app, surroundings);
const child = spawn(process.execPath, [file, ...args], {
  cwd: join(root, 'apps', app),
  env,
  stdio: 'inherit',
});
child.on('exit', (code) => (process.exitCode = code ?? 1));

/** @param {string} name */
function commandsOf(name) {
  const src = join(root, 'apps', name, 'dist/src');
  /** @type {Map<string, string>} */
  const found = new Map();
  if (!name || !existsSync(src)) return found;
  if (existsSync(join(src, 'database/migrate.js'))) found.set('migrate', join(src, 'database/migrate.js'));
  if (!existsSync(join(src, 'commands'))) return found;
  for (const entry of readdirSync(join(src, 'commands'))) {
    const [, command] = /^([a-z-]+)\.js$/.exec(entry) ?? [];
    if (command) found.set(command, join(src, 'commands', entry));
  }
  return found;
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
