// @ts-check
// Writes docs/configuration.md from the settings that the services declare; with --check it only compares.
// Usage: node tools/docs/configuration.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrations, specsOf } from '../../packages/config/dist/index.js';
import { SERVICE_NAMES } from '../../infra/services.ts';

const FILE = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));

/** @typedef {{ desc?: string, default?: unknown, choices?: unknown[], secret?: boolean, localOnly?: boolean }} Spec */
/** @type {Map<string, { spec: Spec, services: string[], defaults: Set<string> }>} */
const variables = new Map();

for (const service of SERVICE_NAMES) {
  const { config } = await import(`../../apps/${service}/dist/src/app.config.js`);
  for (const [name, spec] of Object.entries(specsOf(config))) note(name, /** @type {Spec} */ (spec), service);
}
for (const [name, spec] of Object.entries(migrations('auth')))
  note(name, /** @type {Spec} */ (spec), '`migrate`');

const text = `# Configuration

Environment variables, read and checked once at the start of a process, which names every bad one and stops. None is needed
for the first start. Any \`X\` may be given as \`X_FILE\`, the path of a file that holds it. Secrets that are missing, default
or shorter than 16 characters are refused outside \`ENVIRONMENT=local\`. [\`.env.example\`](../.env.example) lists them for
copying, with those of Docker and of the commands for operators.

This page is made from the code: \`node tools/docs/configuration.ts\`.

| variable | default | what | read by |
| --- | --- | --- | --- |
${[...variables]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(row)
  .join('\n')}
`;

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
  console.log('wrote docs/configuration.md');
} else if (readFileSync(FILE, 'utf8') === text) console.log('docs/configuration.md is what the code says');
else {
  console.error('docs/configuration.md is not what the code says: run `node tools/docs/configuration.ts`.');
  process.exitCode = 1;
}
process.exit();

/** @param {string} name @param {Spec} spec @param {string} service */
function note(name, spec, service) {
  const known = variables.get(name) ?? { spec, services: [], defaults: new Set() };
  known.services.push(service);
  known.defaults.add(String(spec.default ?? ''));
  variables.set(name, known);
}

/** @param {[string, { spec: Spec, services: string[], defaults: Set<string> }]} entry */
function row([name, { spec, services, defaults }]) {
  const standard =
    defaults.size > 1 ? 'differs' : [...defaults].map((value) => (value ? `\`${value}\`` : '')).join('');
  const notes = [
    spec.desc,
    spec.choices && spec.choices.map((choice) => `\`${choice}\``).join(', '),
    spec.secret && 'a secret',
    spec.localOnly && '`local` only',
  ].filter(Boolean);
  const readers = services.length === SERVICE_NAMES.length ? 'all' : services.join(', ');
  return `| \`${name}\` | ${standard} | ${notes.join('; ')} | ${readers} |`;
}
