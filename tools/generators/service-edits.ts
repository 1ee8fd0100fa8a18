import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { type Edit, insertion, listItem, removal } from './edits.ts';
import { fill } from './templates.ts';

export const CONTRACTS_INDEX = 'packages/contracts/src/index.ts';
export const REGISTRY = 'infra/services.ts';

const COMPOSE = 'docker-compose.yml';
const PRODUCTION = 'docker-compose.prod.yml';
const EXTERNAL = 'docker-compose.external.yml';
const ANY_APP = new RegExp(`^  (${SERVICE_NAMES.join('|')}):$`);

/** The opening of a list in the registry's entry of a service. */
export const rightsOf = (service: string, right: string): RegExp =>
  new RegExp(`\\n  ${service}: \\{[^}]*?\\b${right}: \\[`);

/** The edits that make a service known outside of its own folder. `port`: the last two digits of its ports. */
export function serviceEdits(service: string, port = 0): Edit[] {
  const fragment = (name: string) =>
    fill(readFileSync(join(import.meta.dirname, 'templates/compose', name), 'utf8').trimEnd(), {
      service,
      port,
    });
  const upstream = `      UPSTREAM_${service.toUpperCase()}: ${service}:${3000 + port}`;
  return [
    insertion(REGISTRY, registryEntry(service), { before: /^};/ }),
    listItem('packages/contracts/src/services.ts', /SERVICES = \[/, `'${service}'`),
    removal(CONTRACTS_INDEX, new RegExp(`'\\./${service}/`)),
    insertion('tsconfig.json', `    { "path": "apps/${service}" },`, { after: /"apps\// }),
    listItem('turbo.json', /"@repo\/tests#build": \{\s*"dependsOn": \[/, `"${service}#build"`),
    insertion('nginx/nginx.conf', `    include services/${service}.conf;`, {
      before: /^ +include services\//,
    }),
    insertion('tests/support/routes.ts', operatorRoutes(service), { after: /\/admin\/\w+\/dead_letters/ }),
    insertion(COMPOSE, `      - secrets-${service}:/shared/${service}`, {
      after: /^ {6}- secrets-\w+:\/shared\//,
    }),
    insertion(COMPOSE, fragment('migration.yml'), { after: /^ {2}migrate-\w+:/ }),
    insertion(COMPOSE, fragment('app.yml'), { after: ANY_APP }),
    insertion(COMPOSE, upstream, { after: /^ {6}UPSTREAM_/ }),
    insertion(COMPOSE, `  secrets-${service}:`, { after: /^ {2}secrets-\w+:$/ }),
    insertion(PRODUCTION, `  migrate-${service}: *once`, { after: /^ {2}migrate-\w+: \*once/ }),
    insertion(PRODUCTION, `  ${service}:\n    <<: *app\n    build: !reset null`, { after: ANY_APP }),
    insertion(EXTERNAL, `  migrate-${service}: *migration`, { after: /^ {2}migrate-\w+: \*migration/ }),
    insertion(EXTERNAL, `  ${service}: *app`, { after: /^ {2}\w+: \*app/ }),
  ];
}

const operatorRoutes = (service: string) => `    'GET /admin/${service}/dead_letters': 'superuser',
    'GET /admin/${service}/dead_letters/{id}': 'superuser',
    'POST /admin/${service}/dead_letters/{id}/replay': 'superuser',`;

const registryEntry = (service: string) => `  ${service}: {
    http: true,
    schema: '${service}',
    requests: TOKEN_REQUESTS,
    subscribes: [],
    publishes: [],
    broadcasts: [],
    cacheKeys: [],
    limitKeys: [],
    queueKeys: [],
  },`;
