// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as edit from './edit.mjs';
import { root } from './workspace.mjs';

const CACHE = '@repo/runtime/cache';
const SETTINGS = /(import \{)([^}]*)(?=\} from '@repo\/config';)/;

/**
 * A service gets its cache with the first feature that keeps answers, and loses it with the last one.
 *
 * @param {string} service
 * @param {string} feature  its folder
 * @returns {import('./places.mjs').Place[]}
 */
export function placesOfCache(service, feature) {
  const isNeeded = () => othersKeepAnswers(service, feature);
  return [
    {
      file: `apps/${service}/src/app.module.ts`,
      add: (text) =>
        text.includes(CACHE)
          ? text
          : edit.insertAfterLast(
              edit.insertBeforeFirst(
                text,
                /'@repo\/runtime\/database'/,
                `import { CacheModule } from '${CACHE}';`,
              ),
              /^ {4}DatabaseModule\.forRoot/,
              `    CacheModule.forRoot('${service}', config),`,
            ),
      remove: (text) =>
        isNeeded() ? text : edit.removeBlocks(text, new RegExp(`'${CACHE}'|^ {4}CacheModule\\.forRoot`)),
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
  ];
}

/** @param {string} service @param {string} feature */
function othersKeepAnswers(service, feature) {
  const source = join(root, 'apps', service, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'app.module.ts' && !file.startsWith(`${feature}/`))
    .some((file) => readFileSync(join(source, file), 'utf8').includes(`'${CACHE}'`));
}

/** @param {string} _ @param {string} before @param {string} list */
function withCache(_, before, list) {
  const names = namesOf(list);
  const at = names.findIndex((name) => name > 'cache');
  return `${before} ${names.toSpliced(at < 0 ? names.length : at, 0, 'cache').join(', ')} `;
}

/** @param {string} _ @param {string} before @param {string} list */
function withoutCache(_, before, list) {
  return `${before} ${namesOf(list)
    .filter((name) => name !== 'cache')
    .join(', ')} `;
}

/** @param {string} list */
const namesOf = (list) =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
