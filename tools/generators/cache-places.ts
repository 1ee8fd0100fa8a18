// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as edit from './edit.ts';
import { root } from './workspace.ts';

const CACHE = '@repo/cache';
const SETTINGS = /(import \{)([^}]*)(?=\} from '@repo\/config';)/;

/**
 * A service gets its cache with the first feature that keeps answers, and loses it with the last one.
 *
 * @param {string} service
 * @param {string} feature  its folder
 * @returns {import('./places.ts').Place[]}
 */
export function placesOfCache(service, feature) {
  const isNeeded = () => othersKeepAnswers(service, feature);
  const cacheKeys = new RegExp(`(\\n  ${service}: \\{[^}]*?cacheKeys: \\[)([^\\]]*)`);
  const keys = `'cache:${service}:*'`;
  return [
    {
      file: `apps/${service}/src/app.module.ts`,
      add: (text) =>
        text.includes(CACHE)
          ? text
          : edit.insertAfterLast(
              edit.insertBeforeFirst(
                edit.importsByLine(text),
                /'@repo\/database'/,
                `import { CacheModule } from '${CACHE}';`,
              ),
              /^ {4}DatabaseModule\.forRoot/,
              `    CacheModule.forRoot('${service}', config),`,
            ),
      remove: (text) =>
        isNeeded() ? text : edit.removeBlocks(text, new RegExp(`'${CACHE}'|^ {4}CacheModule\\.forRoot`)),
    },
    {
      file: `apps/${service}/package.json`,
      add: (text) =>
        text.includes(`"${CACHE}"`)
          ? text
          : edit.insertBeforeFirst(text, /^ {4}"@repo\/co/, `    "${CACHE}": "workspace:*",`),
      remove: (text) => (isNeeded() ? text : edit.removeBlocks(text, new RegExp(`^ {4}"${CACHE}"`))),
    },
    {
      file: `apps/${service}/tsconfig.json`,
      add: (text) =>
        text.includes('packages/cache"')
          ? text
          : edit.insertBeforeFirst(text, /packages\/co/, '    { "path": "../../packages/cache" },'),
      remove: (text) => (isNeeded() ? text : edit.removeBlocks(text, /packages\/cache"/)),
    },
    {
      file: `apps/${service}/src/app.config.ts`,
      add: (text) =>
        text.includes('cache()')
          ? text
          : edit.insertBeforeFirst(text, /^\}\);/, '  ...cache(),').replace(SETTINGS, withCache),
      remove: (text) =>
        isNeeded() ? text : edit.removeBlocks(text, /^ {2}\.\.\.cache\(\),$/).replace(SETTINGS, withoutCache),
    },
    {
      file: 'infra/services.ts',
      add: (text) => (text.includes(keys) ? text : edit.addToList(text, cacheKeys, keys)),
      remove: (text) => (isNeeded() ? text : edit.removeFromList(text, cacheKeys, keys)),
    },
  ];
}

/** @param {string} service @param {string} feature */
function othersKeepAnswers(service, feature) {
  const source = join(root, 'apps', service, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'app.module.ts' && !file.startsWith(`${feature}/`))
    .some((file) => readFileSync(join(source, file), 'utf8').includes(`'${CACHE}'`));
}

/** In the order of the alphabet; `defineConfig` comes after it at the latest. @param {string} _ @param {string} before @param {string} list */
function withCache(_, before, list) {
  const next = list
    .split(',')
    .map((name) => name.trim())
    .find((name) => name > 'cache');
  return before + list.replace(new RegExp(`(\\s)${next}\\b`), `$1cache,$1${next}`);
}

/** @param {string} _ @param {string} before @param {string} list */
const withoutCache = (_, before, list) => before + list.replace(/\scache,/, '');
