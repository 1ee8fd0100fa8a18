import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';

/** The READMEs of the apps, with the events, requests and commands that each has. */
export function appReadmes(): DerivedFiles {
  return Object.fromEntries(
    SERVICE_NAMES.map((app) => {
      const { publishes, subscribes, requests } = SERVICES[app];
      const path = `apps/${app}/README.md`;
      const facts = { publishes, subscribes, requests, commands: commandsOf(app) };
      return [path, fillIn(path, facts)];
    }),
  );
}

/** The READMEs of the packages, with the packages and apps whose production code imports each. Test tooling has none. */
export function packageReadmes(): DerivedFiles {
  const sources = globSync('{apps,packages}/*/src/**/*.ts', { cwd: ROOT })
    .filter((path) => !path.endsWith('.spec.ts') && !path.includes('/src/testing/'))
    .sort()
    .map((path) => ({ folder: path.split('/', 2), text: read(path) }));
  const pages = globSync('packages/*/README.md', { cwd: ROOT }).map((path) => {
    const name = basename(dirname(path));
    const imported = new RegExp(`from '@repo/${name}['/]`);
    const users = sources.filter(({ text }) => imported.test(text)).map(({ folder }) => folder);
    const packages = users.filter(([parent, own]) => parent === 'packages' && own !== name);
    const names = [...new Set(packages.map(([, own]) => `\`${own}\``))];
    if (users.some(([parent]) => parent === 'apps')) names.push(names.length > 0 ? 'apps' : 'Apps');
    const list = names.join(', ').replace(/, ([^,]+)$/, ' and $1');
    return [
      path,
      list ? fillLine(read(path), { path, start: '**Imported by**:', rest: `${list}.` }) : read(path),
    ];
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

function fillIn(path: string, facts: Record<string, string[]>): string {
  return Object.entries(facts).reduce((text, [fact, names]) => {
    const rest = names.map((name) => `\`${name}\``).join(', ') || 'nothing';
    return fillLine(text, { path, start: `- **${fact}**:`, rest });
  }, read(path));
}

/** Replaces the rest of the line that begins with `start`. */
export function fillLine(
  text: string,
  { path, start, rest }: Record<'path' | 'start' | 'rest', string>,
): string {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => line.startsWith(start));
  if (index === -1) throw new Failure(`${path} has no line "${start}": add it, and run \`npm run sync\`.`);
  return lines.with(index, `${start} ${rest}`).join('\n');
}
