// npm run sync: brings everything that is derived from the code up to date. With --check it changes nothing, names
// what is stale and fails.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { appReadmes, packageReadmes } from '../docs/readmes.ts';
import { guides } from '../docs/snippets.ts';
import { parseArguments } from '../lib/arguments.ts';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { run } from '../lib/run.ts';
import { compile, ensureDependencies } from '../lib/toolchain.ts';
import { type DerivedFiles, staleFiles } from './derived-files.ts';

let check = false;

await runMain(async () => {
  ({ check } = parseArguments('Usage: npm run sync [-- --check]', {
    options: { check: { type: 'boolean', default: false } },
  }).values);
  await ensureDependencies();
  const stale = [...(await format()), ...(await derive())];
  if (stale.length === 0) console.log('Everything is up to date.');
  else if (check) throw new Failure(`Stale: run \`npm run sync\`.\n${list(stale)}`);
  else console.log(`Brought up to date:\n${list(stale)}`);
});

/** Formats, and returns the files whose format was wrong. */
async function format(): Promise<string[]> {
  const oxfmt = (mode: string) =>
    run(join(ROOT, 'node_modules/.bin/oxfmt'), [mode, '.'], { cwd: ROOT, allowFailure: true });
  const { code, output, stdout } = await oxfmt('--list-different');
  const wrong = stdout.split('\n').filter(Boolean);
  if (code !== 0 && wrong.length === 0)
    throw new Failure('The code cannot be formatted.', { details: output });
  if (wrong.length > 0 && !check) await oxfmt('--write');
  return wrong;
}

/** Derives everything else, from the compiled code and from the formatted sources. */
async function derive(): Promise<string[]> {
  // Not all workspaces: the typed client is derived, and may not compile.
  await compile({ workspaces: SERVICE_NAMES.map((name) => `apps/${name}`) });
  // Imported after the compiler: both load compiled code.
  const { documents } = await import('../openapi/documents.ts');
  const { configurationPage } = await import('../docs/configuration.ts');
  const files: DerivedFiles = {
    ...(await documents()),
    ...(await configurationPage()),
    ...guides(),
    ...appReadmes(),
    ...packageReadmes(),
  };
  // #region only with posts, jobs
  const { securityPage } = await import('../../tests/security/document.ts');
  Object.assign(files, securityPage());
  // #endregion
  const stale = staleFiles(files);
  if (!check) for (const path of stale) writeFileSync(join(ROOT, path), files[path] ?? '');
  return stale;
}

function list(paths: string[]): string {
  return paths.map((path) => `  ${path}`).join('\n');
}
