import { app, defineConfig, migrations, postgres, secret } from '@repo/config';
import type { SchemaOptions } from './data-source-options.js';
import { migrate } from './migrate.js';

/**
 * Runs `migrate` with the settings from the environment and the arguments of the command line.
 *
 * @param otherMembers other services that read and write the schema; `<NAME>_POSTGRES_PASSWORD` is the
 * password of each
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
