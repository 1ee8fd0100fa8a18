// Runs a command of an app against the stack of `npm start`: npm run app -- users migrate generate add-phone
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { migrationEnvironment, serviceEnvironment, type StackLayout } from './environment.ts';
import { loadSettings } from './settings.ts';

await runMain(async () => {
  const [app = '', command = '', ...args] = process.argv.slice(2);
  const files = app ? commandsOf(app) : [];
  const file = files.find((path) => basename(path, '.js') === command);
  if (!file) {
    const known = files.map((path) => basename(path, '.js')).join(', ');
    const choice = known
      ? `commands of ${app} are ${known}`
      : `the apps are ${SERVICE_NAMES.join(', ')}, and have commands when they are compiled`;
    throw new Failure(`Usage: npm run app -- <app> <command> [arguments]; ${choice}.`);
  }
  const dir = join(ROOT, '.local');
  const ports = join(dir, 'ports.json');
  if (!existsSync(ports))
    throw new Failure('The local system was never started: run `npm start` first, in another terminal.');

  loadSettings();
  const layout: StackLayout = {
    base: process.env,
    ports: JSON.parse(readFileSync(ports, 'utf8')) as Record<string, number>,
    secretsDir: join(dir, 'secrets'),
  };
  const env = command === 'migrate' ? migrationEnvironment(app, layout) : serviceEnvironment(app, layout);
  const cwd = join(ROOT, 'apps', app);
  const [code] = (await once(
    spawn(process.execPath, [file, ...args], { cwd, env, stdio: 'inherit' }),
    'exit',
  )) as [number | null];
  return code ?? 1;
});

/** The compiled files of `migrate` and of the commands in `src/commands`. */
function commandsOf(app: string): string[] {
  const files = globSync('dist/src/{database/migrate,commands/*}.js', { cwd: join(ROOT, 'apps', app) });
  return files.filter((file) => !file.endsWith('.spec.js'));
}
