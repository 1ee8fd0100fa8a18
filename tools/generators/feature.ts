// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { HTTP_SERVICES } from '../../infra/services.ts';
import { featureParts } from './field-parts.ts';
import { longestBodyKb, parseFields } from './fields.ts';
import { placesOfFeature } from './feature-places.ts';
import { nounIn, nounOf } from './names.ts';
import { refuseTaken, writeTemplate } from './templates.ts';
import { filesAbout, forget } from './traces.ts';
import { addTo, generateMigration, link, rebuild, removeFrom, removeIfEmpty, root } from './workspace.ts';

export const STANDARD_FIELDS = 'title:string:2..30 text:text';

const COLUMN = 'every feature has that column';
const PARAMETER = 'lists take that to say which page they are asked for';
/** What generated rows and lists have besides their own fields. */
const TAKEN_FIELDS = {
  ...{ id: COLUMN, created_by_user_id: COLUMN, created_at: COLUMN, updated_at: COLUMN, deleted_at: COLUMN },
  ...{ page: PARAMETER, items_per_page: PARAMETER, cursor: PARAMETER, sort: PARAMETER },
};

/** @param {string} service @param {string} name @param {string} fields */
export async function addFeature(service, name, fields) {
  if (!HTTP_SERVICES.includes(/** @type {any} */ (service)))
    throw new Failure(`There is no service "${service}": choose from ${HTTP_SERVICES.join(', ')}.`);
  const noun = nounOf(name);
  const { kebab } = noun.many;
  const parsed = parseFields(fields, TAKEN_FIELDS);
  const bodyKb = longestBodyKb(parsed);
  const parts = { ...featureParts(parsed, bodyKb), ...idempotency(service) };
  refuseForeign(service, noun);
  refuseTaken('feature', root, { service, noun });
  writeTemplate('feature', root, { service, noun, parts });
  addTo(placesOfFeature(service, noun, bodyKb));
  await link();
  await generateMigration(service, `create-${kebab}`);
  await rebuild();
}

/** A POST can be repeated safely where the service keeps keys for it. @param {string} service */
function idempotency(service) {
  const dataSource = readFileSync(join(root, 'apps', service, 'src/database/data-source.ts'), 'utf8');
  const kept = dataSource.includes('IdempotencyKey');
  return {
    'idempotent.import': kept ? `import { Idempotent } from '@repo/service/idempotency';` : '',
    'idempotent.decorator': kept ? '@Idempotent()' : '',
    'idempotent.test': kept
      ? `it('makes one only of a request that is repeated with its Idempotency-Key', async () => {
          const request = { token, body: good, headers: { 'Idempotency-Key': 'repeated-request' } };
          const first = await app.api('POST /<gadget>', request);

          expect(first.status).toBe(201);
          expect(await app.api('POST /<gadget>', request)).toMatchObject({ status: 201, body: first.body });
        });`
      : '',
  };
}

/** @param {string} service @param {string} feature  its folder */
export function nounOfFeature(service, feature) {
  return nounIn(feature, (file) => existsSync(join(root, 'apps', service, 'src', feature, file)));
}

/** Folders of the features that have come with a migration of their own. @param {string} service */
export function generatedFeaturesOf(service) {
  const migrations = join(root, 'apps', service, 'src/database/migrations');
  if (!existsSync(migrations)) return [];
  return readdirSync(migrations)
    .map((file) => /^\d+-create-(.+)\.ts$/.exec(file)?.[1] ?? '')
    .filter((folder) => existsSync(join(root, 'apps', service, 'src', folder, `${folder}.controller.ts`)));
}

/** @param {string} service @param {string} feature  its folder */
export async function removeFeature(service, feature) {
  const noun = nounOfFeature(service, feature);
  const { one, many } = noun;
  removeFrom(placesOfFeature(service, noun));
  const migrations = join('apps', service, 'src/database/migrations');
  const created = readdirSync(join(root, migrations)).filter((file) =>
    file.endsWith(`-create-${many.kebab}.ts`),
  );
  for (const path of [
    `apps/${service}/src/${many.kebab}`,
    `apps/${service}/test/${many.kebab}.spec.ts`,
    `packages/contracts/src/${service}/${one.kebab}.dto.ts`,
    `packages/contracts/src/${service}/${one.kebab}.dto.spec.ts`,
    ...created.map((file) => join(migrations, file)),
  ])
    rmSync(join(root, path), { recursive: true, force: true });
  removeIfEmpty(join(root, 'packages/contracts/src', service));
  await forget({ features: [many.kebab] });
}

/** Its routes, its tables, its classes and its folder must be nobody else's. @param {string} service @param {import('./names.ts').Noun} noun */
function refuseForeign(service, { one, many }) {
  if (`${service}.${many.kebab}`.length > 32)
    throw new Failure(`The name ${many.kebab} is too long: choose a shorter one.`);
  const folder = `apps/${service}/src/${many.kebab}`;
  const [there] = [folder, ...filesAbout(many.kebab)].filter((path) => existsSync(join(root, path)));
  if (there) throw new Failure(`${there} is there already: choose another name.`);

  const { paths } = JSON.parse(readFileSync(join(root, 'packages/contracts/openapi.json'), 'utf8'));
  const segments = new Set(Object.keys(paths).flatMap((path) => path.split('/')));
  const reserved = readFileSync(join(root, 'packages/contracts/src/rules/reserved-usernames.ts'), 'utf8');
  const words = new Set(reserved.split(/[^\w-]+/));
  for (const word of [one.snake, many.snake, `db_${one.snake}`]) {
    if (segments.has(word) || words.has(word))
      throw new Failure(`The name ${word} is taken, by a route or as a reserved name: choose another one.`);
  }

  const tables = [
    'migrations',
    ...namesIn(`apps/${service}/src/database/migrations`, `"${service}"\\."(\\w+)"`),
  ];
  if (tables.includes(many.snake)) throw new Failure(`There is a table ${many.snake}: choose another name.`);
  const classes = [
    ...namesIn(
      `packages/contracts/src`,
      String.raw`export (?:abstract )?(?:class|interface|type|const) (\w+)`,
    ),
    ...namesIn(`apps/${service}/src/database`, String.raw`\b([A-Z]\w+)`),
  ];
  const taken = [one.pascal, `${one.pascal}Read`, `${one.pascal}Param`, `List${many.pascal}Query`].find(
    (name) => classes.includes(name),
  );
  if (taken) throw new Failure(`There is a ${taken} already: choose another name.`);
}

/** What the sources of a folder call by the first group of a pattern. @param {string} folder @param {string} pattern */
function namesIn(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(root, folder, file), 'utf8').matchAll(new RegExp(pattern, 'g'))])
    .map(([, name = '']) => name);
}
