import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { ROOT } from '../lib/root.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';

/** The READMEs of the apps, with the events, requests and commands that each has. */
export function appReadmes(): DerivedFiles {
  return Object.fromEntries(
    SERVICE_NAMES.map((app) => {
      const { publishes, subscribes, requests } = SERVICES[app];
      const path = `apps/${app}/README.md`;
      const facts = { publishes, subscribes, requests, commands: commandsOf(app) };
      return [path, fillIn(readFileSync(join(ROOT, path), 'utf8'), facts)];
    }),
  );
}

/** The names for `npm run app -- <app> <name>`. */
function commandsOf(app: string): string[] {
  const source = join(ROOT, 'apps', app, 'src');
  const files = globSync('commands/*.ts', { cwd: source }).sort();
  if (existsSync(join(source, 'database/migrate.ts'))) files.unshift('migrate.ts');
  return files.map((file) => `npm run app -- ${app} ${basename(file, '.ts')}`);
}

function fillIn(page: string, facts: Record<string, string[]>): string {
  return Object.entries(facts).reduce((text, [fact, names]) => {
    const list = names.map((name) => `\`${name}\``).join(', ') || 'nothing';
    return text.replace(new RegExp(`^- \\*\\*${fact}\\*\\*:.*$`, 'm'), `- **${fact}**: ${list}`);
  }, page);
}
