// @ts-check
// What speaks of a service or a feature besides its own folders and the places that generators write.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from '../lib/run.ts';
import * as edit from './edit.ts';
import { rewrite, root } from './workspace.ts';

/** Here a file is about the service or feature that its name begins with: `posts.spec.ts`, `tasks.limits.spec.ts`. */
const ABOUT_ALL = ['tests'];
/** Here it is about a service: `jobs.md`. */
const ABOUT_SERVICES = ['docs/guides', 'docs/examples/src'];

/** What proves or measures something by means of services, and nothing without one of them. */
const BY_MEANS_OF = {
  'tests/security': ['posts', 'jobs'],
  'tests/resilience': ['posts', 'jobs'],
  'bench/cursor-pages.bench.ts': ['posts'],
  'bench/hot-paths.bench.ts': ['posts'],
  'bench/redis-away.bench.ts': ['posts'],
};

/**
 * Takes out the files that are about these, and what other files have between `#region only with <name>` and
 * `#endregion`.
 *
 * @param {{ services?: string[], features?: string[] }} gone
 */
export async function forget({ services = [], features = [] }) {
  const names = [...services, ...features];
  const paths = Object.entries(BY_MEANS_OF)
    .filter(([, means]) => means.some((service) => services.includes(service)))
    .map(([path]) => path);
  const files = [
    ...services.flatMap((service) => filesAboutService(service)),
    ...features.flatMap((feature) => filesAbout(feature)),
  ];
  for (const path of [...paths, ...files]) rmSync(join(root, path), { recursive: true, force: true });
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of output.split('\n').filter((name) => name && existsSync(join(root, name))))
    rewrite(file, (text) => forgetIn(file, text, names));
}

/** Files that are about a service, so that no other may have its name. @param {string} name */
export const filesAboutService = (name) => filesAbout(name, [...ABOUT_ALL, ...ABOUT_SERVICES]);

/** The same of a feature. @param {string} name @param {string[]} [folders] */
export function filesAbout(name, folders = ABOUT_ALL) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => !/(^|\/)(node_modules|dist)(\/|$)/.test(file))
      .filter((file) => basename(file).split('.')[0] === name)
      .map((file) => join(folder, file)),
  );
}

/** @param {string} file @param {string} text @param {string[]} names */
function forgetIn(file, text, names) {
  const kept = names.reduce(edit.removeRegions, text);
  if (file === 'package.json') return withoutLostScripts(kept);
  return file.endsWith('.md') ? withoutLostSources(withoutLostLinks(file, kept)) : kept;
}

/** Scripts that ran what is gone. @param {string} text */
function withoutLostScripts(text) {
  return text.replace(/^ +"[\w:-]+": "[^"]*?node (\S+\.ts)",\n/gm, (line, script) =>
    existsSync(join(root, script)) ? line : '',
  );
}

/** Apps and pages that are gone: a line that lists one goes too, and a link in a sentence becomes its text. @param {string} file @param {string} text */
function withoutLostLinks(file, text) {
  const isLost = (/** @type {string} */ target) => !existsSync(join(root, file, '..', target));
  return text
    .replace(/^\| `(apps\/[\w-]+)` \|.*\n/gm, (line, app) =>
      file !== 'README.md' || existsSync(join(root, app)) ? line : '',
    )
    .replace(/^(?:\d+\.|[-|]) \[[^\]]*\]\(([^)#\s:]+\.md)[^)]*\).*\n/gm, (line, target) =>
      isLost(target) ? '' : line,
    )
    .replace(/\[([^\]]*)\]\(([^)#\s:]+\.md)[^)]*\)/g, (link, words, target) =>
      isLost(target) ? words : link,
    );
}

/** Code of what is gone stays in guides as an example, and is not compared any more. @param {string} text */
function withoutLostSources(text) {
  return text.replace(/^<!-- from (([^#\s]+)\S*) -->$/gm, (marker, source, path) =>
    existsSync(join(root, path)) || path.startsWith('path') ? marker : `<!-- was in ${source} -->`,
  );
}
