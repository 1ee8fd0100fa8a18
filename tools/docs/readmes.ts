import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
      return [path, fillIn(read(path), facts)];
    }),
  );
}

/** The READMEs of the packages, with the packages and apps of which each is a dependency. */
export function packageReadmes(): DerivedFiles {
  const manifests = globSync('{apps,packages}/*/package.json', { cwd: ROOT }).sort();
  const pages = globSync('packages/*/README.md', { cwd: ROOT }).map((path) => {
    const dependency = `@repo/${basename(dirname(path))}`;
    const users = manifests.filter((file) => dependency in (JSON.parse(read(file)).dependencies ?? {}));
    const packages = users.filter((file) => file.startsWith('packages/'));
    const names = packages.map((file) => `\`${basename(dirname(file))}\``);
    if (users.length > packages.length) names.push(packages.length > 0 ? 'apps' : 'Apps');
    const list = names.join(', ').replace(/, ([^,]+)$/, ' and $1');
    return [path, read(path).replace(/(?<=^\*\*Imported by\*\*: )[^.]+/m, (old) => list || old)];
  });
  return Object.fromEntries(pages);
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

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
