import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HTTP_SERVICES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { featureEdits } from './feature-edits.ts';
import { featureParts } from './field-parts.ts';
import { longestBodyKb, parseFields } from './fields.ts';
import { type Noun, nounIn, nounOf } from './names.ts';
import { filesAboutFeature, removeReferences } from './references.ts';
import { refuseTaken, removeTemplate, writeTemplate } from './templates.ts';
import { applyEdits, generateMigration, link, revertEdits, sync } from './workspace.ts';

export const STANDARD_FIELDS = 'title:string:2..30 text:text';

/** The names of columns and of list parameters that every feature has. */
const TAKEN_FIELDS = [
  ...['id', 'created_by_user_id', 'created_at', 'updated_at', 'deleted_at'],
  ...['page', 'items_per_page', 'cursor', 'sort'],
];

export async function addFeature(service: string, name: string, fields: string): Promise<void> {
  if (!HTTP_SERVICES.some((other) => other === service))
    throw new Failure(`There is no service "${service}": choose from ${HTTP_SERVICES.join(', ')}.`);
  const noun = nounOf(name);
  const parsed = parseFields(fields, TAKEN_FIELDS);
  const bodyKb = longestBodyKb(parsed);
  const parts = {
    ...featureParts(parsed),
    'body.kb': bodyKb ? String(bodyKb) : '',
    idempotent: read(`apps/${service}/src/database/data-source.ts`).includes('IdempotencyKey') ? 'yes' : '',
  };
  refuseConflicts(service, noun);
  refuseTaken('feature', { service, noun });
  writeTemplate('feature', { service, noun, parts });
  applyEdits(featureEdits(service, noun, bodyKb));
  await link();
  await generateMigration(service, `create-${noun.many.kebab}`);
  await sync();
}

export async function removeFeature(service: string, feature: string): Promise<void> {
  const noun = nounOfFeature(service, feature);
  revertEdits(featureEdits(service, noun));
  removeTemplate('feature', { service, noun });
  rmSync(join(ROOT, `apps/${service}/src/${feature}`), { recursive: true, force: true });
  for (const file of migrationsOf(service))
    if (file.endsWith(`-create-${feature}.ts`)) rmSync(join(ROOT, migrationFolder(service), file));
  await removeReferences([], [feature]);
}

/** The noun of a feature with this folder. */
export const nounOfFeature = (service: string, feature: string): Noun =>
  nounIn(feature, readdirSync(join(ROOT, 'apps', service, 'src', feature)));

/** The folders of the features of a service that have a migration of their own. */
export function generatedFeaturesOf(service: string): string[] {
  return migrationsOf(service)
    .map((file) => /^\d+-create-(.+)\.ts$/.exec(file)?.[1] ?? '')
    .filter((folder) => existsSync(join(ROOT, `apps/${service}/src/${folder}/${folder}.controller.ts`)));
}

const migrationFolder = (service: string): string => `apps/${service}/src/database/migrations`;

function migrationsOf(service: string): string[] {
  const folder = join(ROOT, migrationFolder(service));
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Throws when something else has the folder, a route, the table or a class of the feature. */
function refuseConflicts(service: string, { one, many }: Noun): void {
  if (`${service}.${many.kebab}`.length > 32)
    throw new Failure(`The name ${many.kebab} is too long: choose a shorter one.`);
  const folder = `apps/${service}/src/${many.kebab}`;
  const existing = [folder, ...filesAboutFeature(many.kebab)].find((path) => existsSync(join(ROOT, path)));
  if (existing) throw new Failure(`${existing} exists already: choose another name.`);

  const { paths } = JSON.parse(read('packages/contracts/openapi.json')) as { paths: object };
  const taken = new Set([
    ...Object.keys(paths).flatMap((path) => path.split('/')),
    ...read('packages/contracts/src/rules/reserved-usernames.ts').split(/[^\w-]+/),
  ]);
  const route = [one.snake, many.snake, `db_${one.snake}`].find((word) => taken.has(word));
  if (route)
    throw new Failure(`The name ${route} is taken, by a route or as a reserved name: choose another one.`);

  const tables = ['migrations', ...namesIn(migrationFolder(service), `"${service}"\\."(\\w+)"`)];
  if (tables.includes(many.snake)) throw new Failure(`There is a table ${many.snake}: choose another name.`);
  const classes = [
    ...namesIn(`packages/contracts/src`, 'export (?:abstract )?(?:class|interface|type|const) (\\w+)'),
    ...namesIn(`apps/${service}/src/database`, '\\b([A-Z]\\w+)'),
  ];
  const ours = [one.pascal, `${one.pascal}Read`, `${one.pascal}Param`, `List${many.pascal}Query`];
  const name = ours.find((candidate) => classes.includes(candidate));
  if (name) throw new Failure(`There is a ${name} already: choose another name.`);
}

/** The first groups of all matches in the sources of a folder. */
function namesIn(folder: string, pattern: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...read(join(folder, file)).matchAll(new RegExp(pattern, 'g'))])
    .map(([, name = '']) => name);
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
