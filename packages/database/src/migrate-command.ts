import { app, defineConfig, migrations, postgres, secret } from '@repo/config';
import type { SchemaOptions } from './data-source-options.js';
import { migrate } from './migrate.js';

/**
 * Runs `migrate` with the environment and the command line. `otherMembers` are other services that read and
 * write the schema; their passwords are in `<NAME>_POSTGRES_PASSWORD`.
 */
export async function runMigrateCommand(schema: SchemaOptions, otherMembers: string[] = []): Promise<void> {
  const owner = schema.schema;
  process.exitCode = await migrate(process.argv.slice(2), {
    settings: defineConfig({ ...app(), ...postgres(owner), ...migrations(owner) }),
    schema,
    otherMembers: otherMembers.map((name) => ({ name, password: passwordOf(name) })),
  });
}

function passwordOf(name: string): string {
  const variable = `${name.toUpperCase()}_POSTGRES_PASSWORD`;
  const password = secret({ default: 'postgres', desc: `Password of the role ${name}` });
  const settings: Record<string, unknown> = defineConfig({ ...app(), [variable]: password });
  return String(settings[variable]);
}
