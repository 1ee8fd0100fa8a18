const PROBLEM = { $ref: '#/components/schemas/Problem' };
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * One document out of one for each service. Every operation gets the answer that errors have.
 *
 * @param {Record<string, import('@nestjs/swagger').OpenAPIObject>} documents by service
 * @throws when two services serve one path, or mean different things by one schema's name
 */
export function mergeDocuments(documents) {
  const merged = {
    openapi: '3.1.0',
    info: { title: 'API', version: '0.1.0', description: '' },
    paths: {},
    components: { securitySchemes: {}, schemas: {} },
  };
  for (const [service, { paths, components = {} }] of Object.entries(documents)) {
    for (const [path, item] of Object.entries(paths)) {
      // Every service answers these, and says the same.
      if (/^\/api\/v1\/(health|ready)$/.test(path) && merged.paths[path]) continue;
      if (merged.paths[path] && METHODS.some((method) => item[method] && merged.paths[path][method])) {
        throw new Error(`${path} is served by two services, ${service} among them`);
      }
      merged.paths[path] = { ...merged.paths[path], ...withProblems(item) };
    }
    for (const [name, schema] of Object.entries(components.schemas ?? {})) {
      const known = merged.components.schemas[name];
      if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
        throw new Error(
          `Two services mean different things by the schema ${name}, ${service} among them: rename one`,
        );
      }
      merged.components.schemas[name] = schema;
    }
    Object.assign(merged.components.securitySchemes, components.securitySchemes);
  }
  merged.paths = sorted(merged.paths);
  merged.components.schemas = sorted(merged.components.schemas);
  return merged;
}

function withProblems(item) {
  const result = { ...item };
  for (const method of METHODS) {
    if (!item[method]) continue;
    const answer = {
      description: 'Problem details',
      content: { 'application/problem+json': { schema: PROBLEM } },
    };
    result[method] = { ...item[method], responses: { ...item[method].responses, default: answer } };
  }
  return result;
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
