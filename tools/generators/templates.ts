// @ts-check
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { Failure } from '../lib/failure.ts';
import { capital } from './names.ts';

/**
 * Templates are real code about a `gadget` in the service `depot`. The word in code follows the spelling around it:
 * `Gadget`, `gadget`, `GADGET`; in paths, addresses and sentences a mark says which form is meant.
 */
const MARKED = /([{<~])(gadgets?|(?<=~)Gadgets?)[}>~]/g;
const PLAIN = /gadgets?|Gadgets?|GADGETS?/g;
/** The name of what is called on something: no variable can be taken for it. */
const METHOD = /(?<=\w)\.\w+(?=\()/g;

/**
 * @typedef {object} Values
 * @property {string} service
 * @property {number} [port]  the last two digits of the service's ports
 * @property {import('./names.ts').Noun} [noun]
 * @property {Record<string, string>} [parts]  what stands in for `/* name *\/` and, on a line of its own, for that line
 */

/**
 * Writes every file of a template.
 *
 * @param {string} name
 * @param {string} root
 * @param {Values} values
 */
export function writeTemplate(name, root, values) {
  for (const { path, text } of filesOf(name)) {
    const target = join(root, fill(path, values));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(text, values), { flag: 'wx' });
  }
}

/**
 * Nothing has been written yet when a file of the template is there already, or the noun means something else in it.
 *
 * @param {string} name
 * @param {string} root
 * @param {Values} values
 */
export function refuseTaken(name, root, values) {
  for (const { path, text } of filesOf(name)) {
    const target = fill(path, values);
    if (existsSync(join(root, target))) throw new Failure(`${target} is there already: choose another name.`);
    const code = text.replace(/\/\*[^]*?\*\/|\/\/.*|'[^']*'/g, ' ');
    const others = new Set(
      code
        .replace(MARKED, ' ')
        .replace(PLAIN, ' ')
        .replace(METHOD, ' ')
        .match(/[A-Za-z]\w*/g),
    );
    const taken = (code.replace(MARKED, ' ').match(PLAIN) ?? [])
      .map((word) => fill(word, values))
      .find((word) => others.has(word) || isReserved(word));
    if (taken)
      throw new Failure(`The word ${taken} has a meaning of its own in the code: choose another name.`);
  }
}

/** @param {string} name */
function filesOf(name) {
  const folder = join(import.meta.dirname, 'templates', name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** Whether JavaScript lets no variable have this name. @param {string} word */
function isReserved(word) {
  try {
    return !new Script(`'use strict'; (async () => { const ${word} = 1; })`);
  } catch {
    return true;
  }
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
