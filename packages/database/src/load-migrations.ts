import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The classes of the compiled migrations in a folder, in the order of the timestamps in their file names;
 * none when the folder does not exist. TypeORM's own loader does not work in Jest.
 */
export async function loadMigrations(folder: string): Promise<Function[]> {
  const files = globSync('*.js', { cwd: folder }).sort();
  const modules = await Promise.all(
    files.map((file): Promise<object> => import(pathToFileURL(join(folder, file)).href)),
  );
  return modules.flatMap((module) => Object.values(module).filter((value) => typeof value === 'function'));
}
