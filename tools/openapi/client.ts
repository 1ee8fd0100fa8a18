// @ts-check
import openapiTS, { astToString } from 'openapi-typescript';

/**
 * The types of packages/api-client.
 *
 * @param {object} document  an OpenAPI document
 * @returns {Promise<string>}
 */
export async function clientTypes(document) {
  const nodes = await openapiTS(/** @type {any} */ (document), { alphabetize: true });
  return `// Written by \`npm run openapi\`: change the services, not this.\n\n${astToString(nodes)}`;
}
