const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const REF = /"#\/components\/schemas\/(\w+)"/g;

/**
 * One document out of one for each service.
 *
 * @param {Record<string, import('@nestjs/swagger').OpenAPIObject>} documents by service
 * @throws when two services serve one path, or mean different things by one schema's name
 */
export function mergeDocuments(documents) {
  const paths = {};
  const schemas = {};
  const securitySchemes = {};
  for (const [service, document] of Object.entries(documents)) {
    for (const [path, item] of Object.entries(document.paths)) {
      // Every service answers these, and says the same.
      if (/^\/api\/v1\/(health|ready)$/.test(path) && paths[path]) continue;
      if (paths[path] && METHODS.some((method) => item[method] && paths[path][method])) {
        throw new Error(`${path} is served by two services, ${service} among them`);
      }
      paths[path] = { ...paths[path], ...item };
    }
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      if (schemas[name] && JSON.stringify(schemas[name]) !== JSON.stringify(schema)) {
        throw new Error(
          `Two services mean different things by the schema ${name}, ${service} among them: rename one`,
        );
      }
      schemas[name] = schema;
    }
    Object.assign(securitySchemes, document.components?.securitySchemes);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'API', version: '0.1.0', description: '' },
    tags: tagsOf(Object.values(documents)),
    paths: sorted(paths),
    components: { securitySchemes, schemas: sorted(usedBy(paths, schemas)) },
  };
}

/** In the order of the services, so that readers meet the login first; what every service has comes last. */
function tagsOf(documents) {
  const each = documents.map(({ paths }) => new Set(Object.values(paths).flatMap(tagsOfPath)));
  const count = (tag) => each.filter((tags) => tags.has(tag)).length;
  return [...new Set(each.flatMap((tags) => [...tags]))]
    .sort((a, b) => Number(count(a) > 1) - Number(count(b) > 1))
    .map((name) => ({ name }));
}

const tagsOfPath = (item) => METHODS.flatMap((method) => item[method]?.tags ?? []);

/** Without those that only messages between services bear. */
function usedBy(paths, schemas) {
  const used = {};
  const follow = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(REF)) {
      if (used[name] || !schemas[name]) continue;
      used[name] = schemas[name];
      follow(schemas[name]);
    }
  };
  follow(paths);
  return used;
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
