// Runs compiled commands of apps, one after another. Their list, as JSON, is the standard input.
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../lib/root.ts';
import type { AppCommand } from './apps.ts';

for (const { app, file, args = [], env } of JSON.parse(await text(process.stdin)) as AppCommand[]) {
  process.env = env;
  process.argv.splice(2, Infinity, ...args);
  process.chdir(join(ROOT, 'apps', app));
  await import(join(ROOT, 'apps', app, 'dist/src', file)).catch((error: unknown) => {
    console.error(error);
    console.error(`${app}: ${file} failed`);
    process.exitCode = 1;
  });
  if (process.exitCode) process.exit();
}
