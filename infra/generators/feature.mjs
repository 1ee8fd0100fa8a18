// @ts-check
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../local/failure.mjs';
import { HTTP_SERVICES } from '../services.mjs';
import { fieldParts, parseFields } from './fields.mjs';
import { placesOfFeature } from './feature-places.mjs';
import { nounOf } from './names.mjs';
import { writeTemplate } from './templates.mjs';
import { addTo, generateMigration, rebuild, removeFrom, removeIfEmpty, root } from './workspace.mjs';

export const STANDARD_FIELDS = 'title:string:2..30 text:text';

/** @param {string} service @param {string} name @param {string} fields */
export async function addFeature(service, name, fields) {
  if (!HTTP_SERVICES.includes(/** @type {any} */ (service)))
    throw new Failure(`There is no service "${service}": choose from ${HTTP_SERVICES.join(', ')}.`);
  const noun = nounOf(name);
  const { kebab } = noun.many;
  if (`${service}.${kebab}`.length > 32)
    throw new Failure(`The name ${name} is too long: choose a shorter one.`);
  refuseTaken(noun);
  const parts = { ...fieldParts(parseFields(fields)), ...idempotency(service) };
  writeTemplate('feature', root, { service, noun, parts });
  addTo(placesOfFeature(service, kebab));
  await generateMigration(service, `create-${kebab}`);
  await rebuild();
}

/** A POST can be repeated safely where the service keeps keys for it. @param {string} service */
function idempotency(service) {
  const dataSource = readFileSync(join(root, 'apps', service, 'src/database/data-source.ts'), 'utf8');
  const kept = dataSource.includes('IdempotencyKey');
  return {
    'idempotent.import': kept ? `import { Idempotent } from '@repo/runtime/idempotency';` : '',
    'idempotent.decorator': kept ? '@Idempotent()' : '',
  };
}

/** @param {string} service @param {string} feature  its folder */
export function removeFeature(service, feature) {
  const { one, many } = nounOf(feature);
  removeFrom(placesOfFeature(service, feature));
  const migrations = join('apps', service, 'src/database/migrations');
  const created = readdirSync(join(root, migrations)).filter((file) =>
    file.endsWith(`-create-${many.kebab}.ts`),
  );
  for (const path of [
    `apps/${service}/src/${many.kebab}`,
    `apps/${service}/test/${many.kebab}.spec.ts`,
    `e2e/contract/${many.kebab}.spec.ts`,
    `packages/contracts/src/${service}/${one.kebab}.dto.ts`,
    `packages/contracts/src/${service}/${one.kebab}.dto.spec.ts`,
    ...created.map((file) => join(migrations, file)),
  ])
    rmSync(join(root, path), { recursive: true, force: true });
  removeIfEmpty(join(root, 'packages/contracts/src', service));
}

/** Its routes, its classes and its folder must be nobody else's. @param {import('./names.mjs').Noun} noun */
function refuseTaken({ one, many }) {
  const { paths, components } = JSON.parse(
    readFileSync(join(root, 'packages/contracts/openapi.json'), 'utf8'),
  );
  const segments = new Set(Object.keys(paths).flatMap((path) => path.split('/')));
  const reserved = readFileSync(join(root, 'packages/contracts/src/rules/reserved-usernames.ts'), 'utf8');
  const words = new Set(reserved.split(/[^\w-]+/));
  for (const word of [one.snake, many.snake]) {
    if (segments.has(word) || words.has(word))
      throw new Failure(`The name ${word} is taken, by a route or as a reserved name: choose another one.`);
  }
  if (components.schemas[`${one.pascal}Read`])
    throw new Failure(`There is a ${one.pascal}Read already: choose another name.`);
}
