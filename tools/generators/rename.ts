// npm run rename -- shop      gives a clone its own names: package scope, title, images, database, cookie
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { capital } from './names.ts';
import { projectFiles } from '../lib/project-files.ts';
import { link, rewrite, runCommand, sync } from './workspace.ts';

await runCommand(async ([name = '', ...others]) => {
  if (others.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Failure('Give one name in small letters, digits and dashes: npm run rename -- my-shop');
  const replacements = replacementsFor(name);
  const rename = (text: string) =>
    replacements.reduce((renamed, [old, replacement]) => renamed.replace(old, replacement), text);
  const changed = projectFiles().filter((file) => rewrite(file, rename));
  await link();
  await sync();
  console.log(
    `The project is called ${name}: ${changed.length} files changed. npm start -- --fresh starts with its own database.`,
  );
});

function replacementsFor(name: string): [old: RegExp, replacement: string][] {
  const scope = find('packages/contracts/package.json', /"name": "(@[^/]+)\//);
  const manifest = find('package.json', /"name": "([^"]+)"/);
  const images = find('docker-compose.prod.yml', /^name: (\S+)$/m);
  const title = find('packages/config/src/fragments.ts', /APP_NAME: str\(\{ default: '([^']+)'/);
  const database = find('tools/servers/postgres.ts', /DATABASE = '([^']+)'/);
  const cookie = find('apps/auth/src/app.config.ts', /REFRESH_COOKIE_NAME: text\(\{\s+default: '([^']+)'/);
  const newTitle = name.split('-').map(capital).join(' ');
  const newDatabase = name.replaceAll('-', '_');
  const databaseSettings = `POSTGRES_DB: str\\(\\{ default: '|DATABASE = '|database: '|"database": "|--dbname=`;
  const cookieSetting = `REFRESH_COOKIE_NAME: text\\(\\{\\s+default: '|REFRESH_COOKIE_NAME=|cookie \``;
  const newCookie = `${newDatabase}_refresh_token`;
  const rules: [before: string, old: string, after: string, replacement: string][] = [
    ['', scope, '(?![\\w-])', `@${name}`],
    ['"name": "', manifest, '(?=")', name],
    ['^name: ', images, '$', name],
    [`(?:default|title): '`, title, `(?=')`, newTitle],
    ['(?:^# |# APP_NAME=)', title, '$', newTitle],
    ['# POSTGRES_DB=|POSTGRES_DB: ', database, '$', newDatabase],
    [databaseSettings, database, '\\b', newDatabase],
    // Browsers send a cookie to all ports of a host, so two projects on one host need different names.
    [cookieSetting, cookie, '\\b', newCookie],
    ['\\b', cookie, '(?==)', newCookie],
  ];
  return rules.map(([before, old, after, replacement]) => {
    const literal = old.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return [new RegExp(`(${before})${literal}${after}`, 'gm'), `$1${replacement}`];
  });
}

function find(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
  if (!found)
    throw new Failure(`${file} has no line for ${pattern}: adapt tools/generators/rename.ts to the file.`);
  return found;
}
