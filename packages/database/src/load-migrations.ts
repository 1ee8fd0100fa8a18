import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The classes of the compiled migrations in a folder, in the order of the timestamps that their files begin with. */
export async function loadMigrations(folder: string): Promise<Function[]> {
  // A new service has none yet.
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js')).sort();
  const modules = await Promise.all(
    files.map((file): Promise<object> => import(pathToFileURL(join(folder, file)).href)),
  );
  return modules.flatMap((module) => Object.values(module).filter((value) => typeof value === 'function'));
}
