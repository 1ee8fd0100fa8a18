// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as edit from './edit.ts';
import { placesOfCache } from './cache-places.ts';
import { root } from './workspace.ts';

/** Everything that a user owns goes with the user. */
const ERASED = `'user.hard-deleted'`;
const ENTITIES = /(entities: \[)([^\]]*)/;

/**
 * Every place outside its own files that names a feature.
 *
 * @param {string} service
 * @param {import('./names.ts').Noun} noun
 * @param {number} [bodyKb]  of the longest body, when it is more than usual
 * @returns {import('./places.ts').Place[]}
 */
export function placesOfFeature(service, { one, many }, bodyKb) {
  const module = `${many.pascal}Module`;
  const subscribes = new RegExp(`(\\n  ${service}: \\{[^}]*?subscribes: \\[)([^\\]]*)`);
  const folder = `'\\./${many.kebab}/`;
  return [
    ...placesOfCache(service, many.kebab),
    {
      file: 'packages/contracts/src/index.ts',
      add: (text) => edit.insertInOrder(text, /^export/, `export * from './${service}/${one.kebab}.dto.js';`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`'\\./${service}/${one.kebab}\\.dto\\.js'`)),
    },
    {
      file: 'packages/contracts/src/rules/reserved-usernames.ts',
      add: (text) => reservedWords(one, many).reduceRight(reserve, text),
      remove: (text) => reservedWords(one, many).reduce(free, text),
    },
    {
      file: `apps/${service}/src/app.module.ts`,
      add: (text) =>
        edit.insertAfterLast(
          edit.insertBeforeFirst(edit.importsByLine(text), /^ {2}\],/, `    ${module},`),
          /^import /,
          `import { ${module} } from './${many.kebab}/${many.kebab}.module.js';`,
        ),
      remove: (text) => edit.removeBlocks(text, new RegExp(`^ +${module},$|${folder}`)),
    },
    {
      file: `apps/${service}/src/database/data-source.ts`,
      add: (text) =>
        edit.insertAfterLast(
          text.replace(/entities: \[/, `entities: [${one.pascal}, `),
          /^import /,
          `import { ${one.pascal} } from '../${many.kebab}/${one.kebab}.entity.js';`,
        ),
      remove: (text) =>
        edit.removeFromList(
          edit.removeBlocks(text, new RegExp(`'\\.\\./${many.kebab}/`)),
          ENTITIES,
          one.pascal,
        ),
    },
    {
      file: 'infra/services.ts',
      add: (text) =>
        text.match(subscribes)?.[2]?.includes(ERASED) ? text : edit.addToList(text, subscribes, ERASED),
      remove: (text) =>
        othersHear(service, many.kebab) ? text : edit.removeFromList(text, subscribes, ERASED),
    },
    {
      file: `nginx/services/${service}.conf`,
      add: (text) =>
        edit.insertBeforeFirst(text, /^(location|$)/, location(service, one.snake, many.snake, bodyKb)),
      remove: (text) => edit.removeBlocks(text, new RegExp(`^location ~ \\^/api/v1/\\(${many.snake}\\|`)),
    },
    {
      file: 'tests/support/routes.ts',
      add: (text) => edit.insertBeforeFirst(text, /^ {2}health: \{/, routes(one, many)),
      remove: (text) => edit.removeBlocks(text, new RegExp(`^  '?${many.kebab}'?: \\{$`)),
    },
  ];
}

/** Whether another feature of the service wants to know. @param {string} service @param {string} feature */
function othersHear(service, feature) {
  const source = join(root, 'apps', service, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.messages.ts') && !file.startsWith(`${feature}/`))
    .some((file) => readFileSync(join(source, file), 'utf8').includes(`@OnEvent(${ERASED})`));
}

/** First segments of addresses, which nobody may have as a name; a name has no `_`. @param {import('./names.ts').Forms} one @param {import('./names.ts').Forms} many */
function reservedWords(one, many) {
  return [one.snake, many.snake].filter((word) => !word.includes('_'));
}

/** @param {string} text @param {string} word */
const reserve = (text, word) => text.replace(/(new Set\(\s*`\s*)/, `$1${word} `);

/** @param {string} text @param {string} word */
const free = (text, word) => text.replace(new RegExp(`(\\s)${word} `), '$1');

/** @param {string} service @param {string} one @param {string} many @param {number} [bodyKb] */
const location = (service, one, many, bodyKb) => `location ~ ^/api/v1/(${many}|${one}|db_${one})(/[^/]+)?/?$ {
  set $service ${service};
${bodyKb ? bodyLimit(bodyKb) : ''}  include snippets/proxy.conf;
}
`;

/** @param {number} kb */
const bodyLimit = (
  kb,
) => `  client_max_body_size ${kb}k; # the longest legal body, each character as two \\u escapes
  client_body_buffer_size ${kb + 4}k; # so that no body ever goes to disk
`;

/** @param {import('./names.ts').Forms} one @param {import('./names.ts').Forms} many */
const routes = (one, many) => `  '${many.kebab}': {
    'POST /${one.snake}': 'user',
    'GET /${many.snake}': 'anyone',
    'GET /${one.snake}/{id}': 'anyone',
    'PATCH /${one.snake}/{id}': 'user',
    'DELETE /${one.snake}/{id}': 'user',
    'DELETE /db_${one.snake}/{id}': 'superuser',
  },`;
