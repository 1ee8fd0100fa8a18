// @ts-check
// npm run rename -- shop      makes the clone a project of its own: package scope, titles, images, database
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { run } from '../lib/run.ts';
import { capital } from './names.ts';
import { link, prepare, rebuild, root } from './workspace.ts';

try {
  await prepare();
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  if (error.details) console.error(error.details);
  console.error(error.message);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function main([name = '', ...rest]) {
  if (rest.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Failure('Usage: npm run rename -- <name>, in small letters, digits and dashes: shop, my-shop');
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const replacements = replacementsFor(name);
  const changed = output.split('\n').filter((file) => file && renamed(file, replacements));
  await link();
  await rebuild();
  console.log(
    `This is ${name} now: ${changed.length} files changed. npm start -- --fresh begins with its own database.`,
  );
}

/** @param {string} file @param {[old: RegExp, replacement: string][]} replacements @returns {boolean} */
function renamed(file, replacements) {
  const path = join(root, file);
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return false; // a picture
  const text = bytes.toString();
  const changed = replacements.reduce((result, [old, replacement]) => result.replace(old, replacement), text);
  if (changed !== text) writeFileSync(path, changed);
  return changed !== text;
}

/** What the project is called now, in the places that say it, and what it will be. @param {string} name */
function replacementsFor(name) {
  const now = {
    scope: find('packages/contracts/package.json', /"name": "(@[^/]+)\//),
    package: find('package.json', /"name": "([^"]+)"/),
    images: find('docker-compose.yml', /^name: (\S+)$/m),
    title: find('packages/config/src/fragments.ts', /APP_NAME: str\(\{ default: '([^']+)'/),
    database: find('tools/servers/postgres.ts', /DATABASE = '([^']+)'/),
  };
  const title = name.split('-').map(capital).join(' ');
  const database = name.replaceAll('-', '_');
  /** @type {[before: string, old: string, after: string, replacement: string][]} */
  const places = [
    ['', now.scope, '(?=/)', `@${name}`],
    ['"name": "', now.package, '(?=")', name],
    ['^name: ', now.images, '$', name],
    [':-', now.images, '(?=\\})', name],
    [`(?:default|title): '`, now.title, `(?=')`, title],
    ['(?:^# |# APP_NAME=)', now.title, '$', title],
    ['# POSTGRES_DB=|POSTGRES_DB: ', now.database, '$', database],
    [
      `POSTGRES_DB: str\\(\\{ default: '|DATABASE = '|database: '|"database": "|--dbname=`,
      now.database,
      '\\b',
      database,
    ],
  ];
  return places.map(
    ([before, old, after, replacement]) =>
      /** @type {[RegExp, string]} */ ([
        new RegExp(`(${before})${old.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${after}`, 'gm'),
        `$1${replacement}`,
      ]),
  );
}

/** @param {string} file @param {RegExp} pattern */
function find(file, pattern) {
  const found = pattern.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  if (!found) throw new Failure(`${file} does not say ${pattern} any more.`);
  return found;
}
