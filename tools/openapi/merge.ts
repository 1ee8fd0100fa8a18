import { METHODS, type OpenApi, type PathItem, type Schemas } from './types.ts';

const REF = /"#\/components\/schemas\/(\w+)"/g;

/**
 * One document out of one for each service.
 *
 * @throws when two services serve one path, or mean different things by one schema's name
 */
export function mergeDocuments(documents: Record<string, OpenApi>) {
  const paths: Record<string, PathItem> = {};
  const schemas: Schemas = {};
  const securitySchemes = {};
  for (const [service, document] of Object.entries(documents)) {
    for (const [path, item] of Object.entries(document.paths)) {
      const known = paths[path];
      // Every service answers these, and says the same.
      if (known && /^\/api\/v1\/(health|ready)$/.test(path)) continue;
      if (known && METHODS.some((method) => item[method] && known[method]))
        throw new Error(`${path} is served by two services, ${service} among them`);
      paths[path] = { ...known, ...item };
    }
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      if (schemas[name] && JSON.stringify(schemas[name]) !== JSON.stringify(schema))
        throw new Error(
          `Two services have different schemas called ${name}, ${service} among them: rename one`,
        );
      schemas[name] = schema;
    }
    Object.assign(securitySchemes, document.components?.securitySchemes);
  }
  return simplified({
    openapi: '3.1.0',
    // The auth service replaces these with the settings when it serves the document.
    info: {
      title: 'API',
      version: '0.1.0',
      description: 'The API of all services.',
      contact: { name: 'API' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(documents),
    paths: sorted(paths),
    components: { securitySchemes, schemas: reachable(paths, schemas) },
  });
}

/** With `$ref` alone where Swagger writes `allOf: [{ $ref }]`, which OpenAPI 3.0 needed. */
function simplified<T extends object>(document: T): T {
  return JSON.parse(JSON.stringify(document), (_, value) =>
    value?.allOf?.length === 1 ? Object.assign(value, value.allOf[0], { allOf: undefined }) : value,
  );
}

/** In the order of the services, so that readers meet the login first. Tags of several services come last. */
function tagsOf(documents: Record<string, OpenApi>): { name: string; description: string }[] {
  const services = new Map<string, string[]>();
  for (const [service, { paths }] of Object.entries(documents))
    for (const tag of new Set(Object.values(paths).flatMap(tagsOfPath)))
      services.set(tag, [...(services.get(tag) ?? []), service]);
  return [...services]
    .sort(([, a], [, b]) => Number(a.length > 1) - Number(b.length > 1))
    .map(([name, of]) => ({ name, description: `Served by ${of.length > 1 ? 'every service' : of[0]}.` }));
}

const tagsOfPath = (item: PathItem) => METHODS.flatMap((method) => item[method]?.tags ?? []);

/** The schemas that a value refers to, directly or by way of others, by name. */
export function reachable(value: object, schemas: Schemas): Schemas {
  const found: Schemas = {};
  const follow = (part: object) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(REF)) {
      const schema = schemas[name];
      if (found[name] || !schema) continue;
      found[name] = schema;
      follow(schema);
    }
  };
  follow(value);
  return sorted(found);
}

function sorted<T>(object: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
