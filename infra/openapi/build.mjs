// Merges the services' OpenAPI documents into packages/contracts/openapi.json; with --check it only compares.
// Usage: node infra/openapi/build.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeApi } from '../../packages/runtime/dist/bootstrap/index.js';
import { HTTP_SERVICES } from '../services.mjs';
import { mergeDocuments } from './merge.mjs';
import { missing } from './quality.mjs';

const FILE = fileURLToPath(new URL('../../packages/contracts/openapi.json', import.meta.url));

const documents = {};
for (const service of HTTP_SERVICES) {
  const { AppModule } = await import(`../../apps/${service}/dist/src/app.module.js`);
  const rootPaths =
    service === 'auth' ? (await import('../../apps/auth/dist/src/root-paths.js')).ROOT_PATHS : [];
  documents[service] = await describeApi(AppModule, { rootPaths });
}
const document = mergeDocuments(documents);
const text = `${JSON.stringify(document, null, 2)}\n`;
const sentences = missing(document);

if (sentences.length > 0) {
  for (const sentence of sentences) console.error(sentence);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
  console.log(`wrote ${FILE}`);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(
    'packages/contracts/openapi.json is not what the code says: run `npm run openapi` and look at the difference.',
  );
  process.exitCode = 1;
} else {
  console.log('packages/contracts/openapi.json is what the code says');
}
process.exit();
