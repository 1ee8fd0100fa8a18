import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { describeApi } from '../../packages/service/dist/index.js';
import { HTTP_SERVICES } from '../../infra/services.ts';
import { describeMessages, MESSAGE_CLASSES } from '../messages/asyncapi.ts';
import { messagesPage } from '../messages/page.ts';
import { Failure } from '../lib/failure.ts';
import { configOfService } from '../lib/service-config.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';
import { limitedRoutes } from './limited-routes.ts';
import { mergeDocuments } from './merge.ts';
import { violations } from './lint.ts';
import type { OpenApi } from './types.ts';

/**
 * The OpenAPI document, merged from those of the services, with the types of packages/api-client and the list of limited
 * routes; the AsyncAPI document of the messages between the services, with its page.
 */
export async function documents(): Promise<DerivedFiles> {
  const ofServices: Record<string, OpenApi> = {};
  for (const service of HTTP_SERVICES) {
    const { AppModule } = await import(`../../apps/${service}/dist/src/app.module.js`);
    const rootPaths =
      service === 'auth' ? (await import('../../apps/auth/dist/src/root-paths.js')).ROOT_PATHS : [];
    const Config = await configOfService(service);
    const module = AppModule.forRoot(new Config({}));
    ofServices[service] = await describeApi(module, { rootPaths, models: MESSAGE_CLASSES });
  }
  const api = mergeDocuments(ofServices);
  const faults = await violations(api);
  if (faults.length > 0)
    throw new Failure(`The API document breaks rules of redocly.yaml:\n${faults.join('\n')}`);
  const models = Object.assign({}, ...Object.values(ofServices).map((one) => one.components?.schemas));
  const messages = describeMessages(models);
  return {
    'packages/contracts/openapi.json': `${JSON.stringify(api, null, 2)}\n`,
    'packages/api-client/src/schema.ts': await clientTypes(api),
    'packages/contracts/src/limited-routes.ts': limitedRoutes(api),
    'packages/contracts/asyncapi.json': `${JSON.stringify(messages, null, 2)}\n`,
    'docs/messages.md': messagesPage(messages.components.schemas),
  };
}

/** The types of packages/api-client. */
async function clientTypes(document: object): Promise<string> {
  const nodes = await openapiTS(document as OpenAPI3, { alphabetize: true });
  return `// Written by \`npm run sync\`: change the services instead.\n\n${astToString(nodes)}`;
}
