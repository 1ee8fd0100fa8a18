// @ts-check
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { capital } from './names.mjs';

/**
 * Templates are real code about a `gadget` in the service `depot`. The word in code follows the spelling around it:
 * `Gadget`, `gadget`, `GADGET`; in paths, addresses and sentences a mark says which form is meant.
 */
const MARKED = /([{<~])(gadgets?|(?<=~)Gadgets?)[}>~]/g;
const PLAIN = /gadgets?|Gadgets?|GADGETS?/g;

/**
 * @typedef {object} Values
 * @property {string} service
 * @property {number} [port]  the last two digits of the service's ports
 * @property {import('./names.mjs').Noun} [noun]
 * @property {Record<string, string>} [parts]  what stands in for `/* name *\/` and, on a line of its own, for that line
 */

/**
 * Writes every file of a template, and returns their paths.
 *
 * @param {string} name
 * @param {string} root
 * @param {Values} values
 */
export function writeTemplate(name, root, values) {
  const folder = join(import.meta.dirname, 'templates', name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
  return files.map((file) => {
    const target = fill(relative(folder, file), values);
    mkdirSync(dirname(join(root, target)), { recursive: true });
    writeFileSync(join(root, target), fill(readFileSync(file, 'utf8'), values), { flag: 'wx' });
    return target;
  });
}

/** @param {string} text @param {Values} values */
export function fill(text, { service, port = 0, noun, parts = {} }) {
  const filled = text
    .replace(/\/\* ([\w.]+) \*\//g, (whole, name) => parts[name] ?? whole)
    .replaceAll('depot', service)
    .replaceAll('Depot', capital(service))
    .replaceAll('DEPOT', service.toUpperCase())
    .replaceAll('3099', String(3000 + port))
    .replaceAll('9099', String(9000 + port));
  if (!noun) return filled;
  const formsOf = (/** @type {string} */ word) => (/s$/i.test(word) ? noun.many : noun.one);
  return filled
    .replace(MARKED, (_, mark, word) => {
      const form = { '{': 'kebab', '<': 'snake', '~': 'words' }[/** @type {'{' | '<' | '~'} */ (mark)];
      const found = formsOf(word)[/** @type {'kebab' | 'snake' | 'words'} */ (form)];
      return word.startsWith('G') ? capital(found) : found;
    })
    .replace(PLAIN, (word) => {
      if (word.startsWith('GA')) return formsOf(word).snake.toUpperCase();
      return word.startsWith('G') ? formsOf(word).pascal : formsOf(word).camel;
    });
}
