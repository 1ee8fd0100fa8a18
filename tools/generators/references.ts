// Mentions of a service or a feature outside of its own folders and of the edits of the generators.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../lib/root.ts';
import { projectFiles } from '../lib/project-files.ts';
import { rewrite } from './workspace.ts';

/** In these folders a file belongs to the service or feature that its name begins with: `media.limits.spec.ts`. */
const FEATURE_FOLDERS = ['tests'];
const SERVICE_FOLDERS = [...FEATURE_FOLDERS, 'docs/guides', 'docs/examples/src'];

/** Tests and benchmarks that need a service. */
const NEEDS = {
  'tests/security': ['posts', 'jobs'],
  'tests/resilience': ['posts', 'jobs'],
  'tests/system/compose/all-services': ['posts', 'jobs'],
  'nginx/streams.test.ts': ['jobs'],
  'tests/system/front-ends/task-stream.ts': ['jobs'],
  'bench/cursor-pages.bench.ts': ['posts'],
  'bench/growth.bench.ts': ['posts'],
  'bench/hot-paths.bench.ts': ['posts', 'jobs'],
  'bench/original.bench.ts': ['posts', 'jobs'],
  'bench/redis-unavailable.bench.ts': ['posts'],
  'bench/support/subjects.ts': ['posts', 'jobs'],
  'bench/support/task-worker.ts': ['jobs'],
  'bench/support/yardstick-server.ts': ['posts', 'jobs'],
  'bench/support/yardsticks.ts': ['posts', 'jobs'],
};

export const filesAboutService = (name: string): string[] => filesAbout(name, SERVICE_FOLDERS);

export const filesAboutFeature = (name: string): string[] => filesAbout(name, FEATURE_FOLDERS);

/** Removes the files about these services and features, and what other files say about them. */
export async function removeReferences(services: string[], features: string[]): Promise<void> {
  const broken = Object.entries(NEEDS)
    .filter(([, needed]) => needed.some((service) => services.includes(service)))
    .map(([path]) => path);
  for (const path of [
    ...broken,
    ...services.flatMap(filesAboutService),
    ...features.flatMap(filesAboutFeature),
  ])
    rmSync(join(ROOT, path), { recursive: true, force: true });
  const names = [...services, ...features];
  for (const file of projectFiles())
    rewrite(file, (text) => withoutReferences(file, names.reduce(removeRegions, text), services));
}

/**
 * Removes the lines between a comment `#region only with <name>`, which may name others too (`only with media, mail`),
 * and the next `#endregion`.
 */
export function removeRegions(text: string, name: string): string {
  const comment = (words: string) => `[ \\t]*(?://|#|<!--) #${words}(?: -->)?\\n`;
  const start = comment(`region only with (?:[\\w-]+, )*${name}(?:, [\\w-]+)*`);
  const region = new RegExp(`^${start}[^]*?^${comment('endregion')}\\n?`, 'gm');
  return text.replace(region, (found, at: number) =>
    found.endsWith('\n\n') && !/(^|\n\n)$/.test(text.slice(0, at)) ? '\n' : '',
  );
}

const exists = (path: string): boolean => existsSync(join(ROOT, path));

function filesAbout(name: string, folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => !/(^|\/)(node_modules|dist)(\/|$)/.test(file) && basename(file).split('.')[0] === name,
      )
      .map((file) => join(folder, file)),
  );
}

function withoutReferences(file: string, text: string, services: string[]): string {
  if (file === 'package.json') return withoutBrokenScripts(text);
  if (!file.endsWith('.md')) return text;
  return withoutBrokenSources(withoutBrokenLinks(file, services.reduce(withoutService, text)));
}

/**
 * A page without a service. Rows of tables and lines of diagrams that begin with it are removed, and rows with a path
 * of it. A command or path that needs some service as an example names users. A page that generates the service, as an
 * example, stays as it is.
 */
export function withoutService(page: string, service: string): string {
  if (page.includes(`gen -- service ${service}\n`)) return page;
  return page
    .replace(new RegExp(`^\\| (\`apps/)?${service}\`? \\|.*\\n`, 'gm'), '')
    .replace(new RegExp(`^\\|.*\`(apps|packages/contracts/src)/${service}/.*\\n`, 'gm'), '')
    .replace(/^```(mermaid|text)\n[^]*?^```$/gm, (diagram) =>
      diagram.replace(new RegExp(`^[\\s│├└─►]*${service}\\b.*\\n`, 'gm'), ''),
    )
    .replace(new RegExp(`(npm (?:test|run [\\w-]+) -- (?:feature |event )?)${service}\\b`, 'g'), '$1users')
    .replace(new RegExp(`(--scale |--filter[ =]|/admin/|\`apps/)${service}\\b(?!/)`, 'g'), '$1users');
}

/** Removes the scripts whose file is removed. */
function withoutBrokenScripts(text: string): string {
  const manifest = JSON.parse(text) as { scripts: Record<string, string> };
  const kept = Object.entries(manifest.scripts).filter(([, command]) => {
    const script = /\S+\.ts$/.exec(command)?.[0];
    return !script || exists(script);
  });
  return `${JSON.stringify({ ...manifest, scripts: Object.fromEntries(kept) }, null, 2)}\n`;
}

/** Removes the items and rows that begin with a link to a removed page; a link in a sentence becomes its text. */
function withoutBrokenLinks(file: string, text: string): string {
  const isBroken = (target: string) => !exists(join(file, '..', target));
  return text
    .replace(/^(?:\d+\.|-|\|) \[[^\]]*\]\(([^)#\s:]+\.md)[^)]*\).*\n/gm, (line, target: string) =>
      isBroken(target) ? '' : line,
    )
    .replace(/\[([^\]]*)\]\(([^)#\s:]+\.md)[^)]*\)/g, (link, words: string, target: string) =>
      isBroken(target) ? words : link,
    );
}

/** Code of a removed file stays in a guide as an example, which is no longer compared with a file. */
function withoutBrokenSources(text: string): string {
  return text.replace(/^<!-- from (([^#\s]+)\S*) -->$/gm, (marker, source: string, path: string) =>
    exists(path) || path.startsWith('path') ? marker : `<!-- was in ${source} -->`,
  );
}
