import { migrations, type Specs } from '../../packages/config/dist/index.js';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { configOfService } from '../lib/service-config.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';

interface Variable {
  spec: Specs[string] & { secret?: boolean; localOnly?: boolean };
  services: string[];
  defaults: Set<string>;
}

/** docs/configuration.md, from the settings that the services declare. */
export async function configurationPage(): Promise<DerivedFiles> {
  const variables = new Map<string, Variable>();
  for (const service of SERVICE_NAMES) {
    const { specs } = await configOfService(service);
    add(variables, specs, service);
  }
  add(variables, migrations('auth') as Specs, '`migrate`');
  const rows = [...variables].sort(([a], [b]) => (a < b ? -1 : 1)).map(row);
  return {
    'docs/configuration.md': `# Configuration

Environment variables, read and checked once at the start of a process, which names every bad one and stops. None is needed
for the first start. Any \`X\` may be given as \`X_FILE\`, the path of a file that holds it. Secrets that are missing, default
or shorter than 16 characters are refused outside \`ENVIRONMENT=local\`. [\`.env.example\`](../.env.example) lists them for
copying, with those of Docker and of the commands for operators.

This page is made from the code: \`npm run sync\`.

| variable | default | what | read by |
| --- | --- | --- | --- |
${rows.join('\n')}
`,
  };
}

function add(variables: Map<string, Variable>, specs: Specs, reader: string): void {
  for (const [name, spec] of Object.entries(specs)) {
    const known: Variable = variables.get(name) ?? { spec, services: [], defaults: new Set() };
    known.services.push(reader);
    known.defaults.add(String(spec.default ?? ''));
    variables.set(name, known);
  }
}

function row([name, { spec, services, defaults }]: [string, Variable]): string {
  const standard =
    defaults.size > 1 ? 'differs' : [...defaults].map((value) => (value ? `\`${value}\`` : '')).join('');
  const notes = [
    spec.desc,
    spec.choices?.map((choice) => `\`${choice}\``).join(', '),
    spec.secret && 'a secret',
    spec.localOnly && '`local` only',
  ].filter(Boolean);
  const readers = services.length === SERVICE_NAMES.length ? 'all' : services.join(', ');
  return `| \`${name}\` | ${standard} | ${notes.join('; ')} | ${readers} |`;
}
