// @ts-check
import { dirname, join } from 'node:path/posix';

/**
 * Links of a page, to files and to chapters, that lead nowhere. Other hosts are not asked.
 *
 * @param {string} page  its path in the repository
 * @param {(path: string) => string} read
 * @param {(path: string) => boolean} exists
 * @returns {string[]} a sentence for each
 */
export function deadLinks(page, read, exists) {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^(https?|mailto):/.test(target))
    .flatMap((target) => {
      const [path = '', chapter] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!exists(file)) return [`${page}: there is no ${file}, to which "${target}" leads`];
      if (chapter === undefined || !file.endsWith('.md') || chaptersOf(read(file)).has(chapter)) return [];
      return [`${page}: ${file} has no chapter #${chapter}`];
    });
}

/** @param {string} text */
const withoutCode = (text) => text.replace(/^(`{3,})[^]*?^\1$/gm, '').replace(/`[^`\n]*`/g, '`');

/** The names under which the headings of a page can be linked to, as GitHub makes them. @param {string} text */
function chaptersOf(text) {
  const headings = [...text.replace(/^(`{3,})[^]*?^\1$/gm, '').matchAll(/^#+ +(.+)$/gm)];
  return new Set(headings.map(([, heading = '']) => slug(heading)));
}

/** @param {string} heading */
const slug = (heading) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
