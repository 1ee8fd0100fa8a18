// Writes what is made from the code: the OpenAPI document, merged from those of the services, and the types of
// packages/api-client; the AsyncAPI document of the messages between them, and its page. With --check it only compares.
// Usage: node tools/openapi/build.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS } from '../../packages/contracts/dist/index.js';
import { describeApi } from '../../packages/service/dist/bootstrap/index.js';
import { describeMessages } from '../messages/asyncapi.ts';
import { messagesPage } from '../messages/page.ts';
import { HTTP_SERVICES } from '../../infra/services.ts';
import { clientTypes } from './client.ts';
import { mergeDocuments } from './merge.ts';
import { missing } from './quality.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const documents = {};
for (const service of HTTP_SERVICES) {
  const { AppModule } = await import(`../../apps/${service}/dist/src/app.module.js`);
  const rootPaths =
    service === 'auth' ? (await import('../../apps/auth/dist/src/root-paths.js')).ROOT_PATHS : [];
  documents[service] = await describeApi(AppModule, { rootPaths, models: Object.values(EVENTS).flat() });
}
const document = mergeDocuments(documents);
const rules = Object.assign({}, ...Object.values(documents).map(({ components }) => components.schemas));
const messages = describeMessages(join(root, 'packages/contracts'), rules);
const files = {
  'packages/contracts/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'packages/api-client/src/schema.ts': await clientTypes(document),
  'packages/contracts/asyncapi.json': `${JSON.stringify(messages, null, 2)}\n`,
  'docs/messages.md': messagesPage(messages),
};
const complaints = missing(document);
for (const [file, text] of Object.entries(files)) {
  const path = join(root, file);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text)
    complaints.push(`${file} is not what the code says: run \`npm run openapi\` and look at the difference.`);
}
for (const complaint of complaints) console.error(complaint);
if (complaints.length === 0) console.log(`${Object.keys(files).join(' and ')}: what the code says`);
process.exit(complaints.length === 0 ? 0 : 1);
