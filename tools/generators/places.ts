// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as edit from './edit.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { fill } from './templates.ts';

/**
 * A place in a file of many owners: how something is named there, and how it is taken out again.
 *
 * @typedef {object} Place
 * @property {string} file
 * @property {(text: string) => string} [add]  absent: it is put there by hand or by another generator
 * @property {(text: string) => string} remove
 */

export const EVENT_MAP = /(export const EVENTS = \{\s*)([^}]*?)(?=,?\s*\})/;
const ANY_SERVICE = new RegExp(`^  (${SERVICE_NAMES.join('|')}):$`);
const CONTRACT_SERVICES = /(SERVICES = \[)([^\]]*)/;

/**
 * Every place outside its own folders that names a service.
 *
 * @param {string} service
 * @param {{ port: number }} [options]  the last two digits of its ports
 * @returns {Place[]}
 */
export function placesOfService(service, { port } = { port: 0 }) {
  const compose = (/** @type {string} */ name) =>
    fill(readFileSync(join(import.meta.dirname, 'templates/compose', name), 'utf8').trimEnd(), {
      service,
      port,
    });
  const upstream = `UPSTREAM_${service.toUpperCase()}`;
  return [
    {
      file: 'infra/services.ts',
      add: (text) => edit.insertBeforeFirst(text, /^};/, registryEntry(service)),
      remove: (text) => edit.removeBlocks(text, new RegExp(`^  ${service}: \\{$`)),
    },
    {
      file: 'packages/contracts/src/services.ts',
      add: (text) => edit.addToList(text, CONTRACT_SERVICES, `'${service}'`),
      remove: (text) => edit.removeFromList(text, CONTRACT_SERVICES, `'${service}'`),
    },
    {
      file: 'packages/contracts/src/index.ts',
      remove: (text) => edit.removeBlocks(text, new RegExp(`'\\./${service}/`)),
    },
    {
      file: 'packages/contracts/src/messaging/event-map.ts',
      remove: (text) =>
        edit.removeFromList(
          edit.removeBlocks(text, new RegExp(`'\\.\\./${service}/`)),
          EVENT_MAP,
          `...${service}Events`,
        ),
    },
    {
      file: 'tsconfig.json',
      add: (text) => edit.insertAfterLast(text, /"apps\//, `    { "path": "apps/${service}" },`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`"apps/${service}"`)),
    },
    {
      file: 'nginx/nginx.conf',
      add: (text) =>
        edit.insertBeforeFirst(text, /^ +include services\//, `    include services/${service}.conf;`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`include services/${service}\\.conf;`)),
    },
    {
      file: 'tests/support/routes.ts',
      add: (text) => edit.insertAfterLast(text, /\/admin\/\w+\/dead_letters/, operations(service)),
      remove: (text) => edit.removeBlocks(text, new RegExp(`/admin/${service}/`)),
    },
    {
      file: 'docker-compose.yml',
      add: (text) =>
        [
          [/^ {6}- secrets-\w+:\/shared\//, `      - secrets-${service}:/shared/${service}`],
          [/^ {6}UPSTREAM_/, `      ${upstream}: ${service}:${3000 + port}`],
          [/^ {2}secrets-\w+:$/, `  secrets-${service}:`],
        ].reduce(
          (edited, [pattern, line]) =>
            edit.insertAfterLast(edited, /** @type {RegExp} */ (pattern), /** @type {string} */ (line)),
          edit.insertAfterLastBlock(
            edit.insertAfterLastBlock(text, /^ {2}migrate-\w+:/, compose('migration.yml')),
            ANY_SERVICE,
            compose('app.yml'),
          ),
        ),
      remove: (text) =>
        edit.removeBlocks(
          text,
          new RegExp(`^  (migrate-)?${service}:$|secrets-${service}:(/shared/|$)|^ +${upstream}:`),
        ),
    },
    {
      file: 'docker-compose.prod.yml',
      add: (text) =>
        edit.insertAfterLastBlock(
          edit.insertAfterLast(text, /^ {2}migrate-\w+: \*once/, `  migrate-${service}: *once`),
          ANY_SERVICE,
          `  ${service}:\n    <<: *app\n    build: !reset null`,
        ),
      remove: (text) => edit.removeBlocks(text, new RegExp(`^  (migrate-)?${service}:`)),
    },
  ];
}

/** @param {string} service */
const operations = (service) =>
  ['GET', 'GET /{id}', 'POST /{id}/replay']
    .map((route) => route.split(' '))
    .map(([method, rest = '']) => `    '${method} /admin/${service}/dead_letters${rest}': 'superuser',`)
    .join('\n');

/** @param {string} service */
const registryEntry = (service) => `  ${service}: {
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
