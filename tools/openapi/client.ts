import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

/** The types of packages/api-client. */
export async function clientTypes(document: object): Promise<string> {
  const nodes = await openapiTS(document as OpenAPI3, { alphabetize: true });
  return `// Written by \`npm run sync\`: change the services instead.\n\n${astToString(nodes)}`;
}
