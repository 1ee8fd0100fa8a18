import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/root.ts';
import { type Edit, insertion, listItem, shared } from './edits.ts';
import { keyOf, type Noun } from './names.ts';
import { CONTRACTS_INDEX, REGISTRY, rightsOf } from './service-edits.ts';

const CACHE = '@repo/cache';
const USER_HARD_DELETED = `'user.hard-deleted'`;
/** No user can have the first segment of a route as a name. */
const RESERVED_USERNAMES = 'packages/contracts/src/rules/reserved-usernames.ts';

/** The edits outside of its own files that make a feature work. `bodyKb`: the longest body, when it is over the default. */
export function featureEdits(service: string, { one, many }: Noun, bodyKb?: number): Edit[] {
  const app = `apps/${service}`;
  const module = `${many.pascal}Module`;
  const subscribes = listItem(REGISTRY, rightsOf(service, 'subscribes'), USER_HARD_DELETED);
  return [
    ...cacheEdits(service, many.kebab),
    insertion(CONTRACTS_INDEX, `export * from './${service}/${one.kebab}.dto.js';`, { after: /^export/ }),
    insertion(RESERVED_USERNAMES, `  ${one.snake} ${many.snake}`, { before: /^ {2}`\./ }),
    listItem(`${app}/src/app.module.ts`, /^ {6}imports: \[/m, module),
    insertion(
      `${app}/src/app.module.ts`,
      `import { ${module} } from './${many.kebab}/${many.kebab}.module.js';`,
      { after: /^import / },
    ),
    listItem(`${app}/src/database/data-source.ts`, /entities: \[/, one.pascal, () => true),
    insertion(
      `${app}/src/database/data-source.ts`,
      `import { ${one.pascal} } from '../${many.kebab}/${one.kebab}.entity.js';`,
      { after: /^import / },
    ),
    shared(subscribes, () => isUsedElsewhere(service, many.kebab, `@OnEvent(${USER_HARD_DELETED})`)),
    insertion(`nginx/services/${service}.conf`, location(service, one.snake, many.snake, bodyKb), {
      before: /^(location|$)/,
    }),
    insertion('tests/support/routes.ts', routes(one.snake, many.snake, many.kebab), {
      before: /^ {2}health: \{/,
    }),
  ];
}

/** A service gets its cache with the first feature that uses it, and loses it with the last one. */
function cacheEdits(service: string, feature: string): Edit[] {
  const app = `apps/${service}`;
  const config = /import \{(?=[^}]*\} from '@repo\/config')/;
  const edits = [
    insertion(`${app}/src/app.module.ts`, `import { CacheModule } from '${CACHE}';`, { before: /'@repo\// }),
    listItem(`${app}/src/app.module.ts`, /^ {6}imports: \[/m, 'CacheModule.forRoot(config)'),
    listItem(`${app}/src/app.config.ts`, config, 'cache', (other) => other > 'cache'),
    listItem(`${app}/src/app.config.ts`, /configOf\('\w+', \{/, '...cache()'),
    insertion(`${app}/package.json`, `    "${CACHE}": "workspace:*",`, { before: /^ {4}"@repo\// }),
    insertion(`${app}/tsconfig.json`, `    { "path": "../../packages/cache" },`, { before: /"path"/ }),
    listItem(REGISTRY, rightsOf(service, 'cacheKeys'), `'cache:${service}:*'`),
  ];
  return edits.map((edit) => shared(edit, () => isUsedElsewhere(service, feature, `'${CACHE}'`)));
}

/** Whether a source file of the service has this code; those of the feature and app.module.ts do not count. */
function isUsedElsewhere(service: string, feature: string, code: string): boolean {
  const source = join(ROOT, 'apps', service, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'app.module.ts' && !file.startsWith(`${feature}/`))
    .some((file) => readFileSync(join(source, file), 'utf8').includes(code));
}

const location = (service: string, one: string, many: string, bodyKb?: number) =>
  `location ~ ^/api/v1/(${many}|${one}|db_${one})(/[^/]+)?/?$ {
  set $service ${service};
${bodyKb ? bodyLimit(bodyKb) : ''}  include snippets/proxy.conf;
}
`;

const bodyLimit = (kb: number) =>
  `  client_max_body_size ${kb}k; # the longest valid body, each character as two \\u escapes
  client_body_buffer_size ${kb + 4}k; # so that no body is written to disk
`;

const routes = (one: string, many: string, topic: string) => `  ${keyOf(topic)}: {
    'POST /${one}': 'user',
    'GET /${many}': 'anyone',
    'GET /${one}/{id}': 'anyone',
    'PATCH /${one}/{id}': 'user',
    'DELETE /${one}/{id}': 'user',
    'DELETE /db_${one}/{id}': 'superuser',
  },`;
