// Fails when a link in a page of the repository leads nowhere: node tools/docs/links.ts
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { projectFiles } from '../lib/project-files.ts';
import { ROOT } from '../lib/root.ts';

/** A sentence for each link of a page to a file or a heading that does not exist. Links to other hosts are not followed. */
export function deadLinks(
  page: string,
  read: (path: string) => string,
  exists: (path: string) => boolean,
): string[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^(https?|mailto):/.test(target))
    .flatMap((target) => {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!exists(file)) return [`${page}: there is no ${file}, to which "${target}" leads`];
      if (heading === undefined || !file.endsWith('.md') || headingsOf(read(file)).has(heading)) return [];
      return [`${page}: ${file} has no heading #${heading}`];
    });
}

const withoutBlocks = (text: string) => text.replace(/^(`{3,})[^]*?^\1$/gm, '');

const withoutCode = (text: string) => withoutBlocks(text).replace(/`[^`\n]*`/g, '`');

/** The names under which GitHub makes the headings of a page available to links. */
function headingsOf(text: string): Set<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#+ +(.+)$/gm)];
  return new Set(headings.map(([, heading = '']) => slug(heading)));
}

const slug = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

if (import.meta.main) {
  const exists = (path: string) => existsSync(join(ROOT, path));
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const pages = projectFiles(/\.md$/).filter((page) => !page.startsWith('tools/generators/templates'));
  const dead = pages.flatMap((page) => deadLinks(page, read, exists));
  for (const sentence of dead) console.error(sentence);
  if (dead.length === 0)
    console.log(`The links of ${pages.length} pages lead to files and headings that exist.`);
  process.exitCode = dead.length === 0 ? 0 : 1;
}
