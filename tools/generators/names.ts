// @ts-check
import { Failure } from '../lib/failure.ts';

/**
 * One noun in every form that code and addresses want.
 *
 * @typedef {{ pascal: string, camel: string, kebab: string, snake: string, words: string }} Forms
 * @typedef {{ one: Forms, many: Forms }} Noun
 */

/**
 * @param {string} name  singular or plural: `order-item`
 * @returns {Noun}
 */
export function nounOf(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Failure(`"${name}" is no name for a feature: write it like comment or order-item.`);
  return pairOf(singularsOf(name)[0] ?? name);
}

/**
 * The noun of a feature that is there: what a plural comes from cannot always be told, but one of the possible words
 * has an entity.
 *
 * @param {string} folder
 * @param {(file: string) => boolean} isThere
 * @returns {Noun}
 */
export function nounIn(folder, isThere) {
  const one = singularsOf(folder).find((word) => plural(word) === folder && isThere(`${word}.entity.ts`));
  return one ? pairOf(one) : nounOf(folder);
}

/** @param {string} one @returns {Noun} */
const pairOf = (one) => ({ one: forms(one), many: forms(plural(one)) });

/** @param {string} kebab @returns {Forms} */
export function forms(kebab) {
  const pascal = kebab.replace(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase());
  return {
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    kebab,
    snake: kebab.replaceAll('-', '_'),
    words: kebab.replaceAll('-', ' '),
  };
}

/** @param {string} snake */
export const camelOf = (snake) => snake.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What a word may be the plural of, the likeliest first; the word itself when it looks like no plural. @param {string} word */
function singularsOf(word) {
  const without = (/** @type {RegExp} */ ending, replacement = '') => word.replace(ending, replacement);
  if (/[^aeiou]ies$/.test(word)) return [without(/ies$/, 'y'), without(/s$/), word];
  if (/(ss|us|x|z|ch|sh)es$/.test(word)) return [without(/es$/), without(/s$/), word];
  if (/[^su]s$/.test(word)) return [without(/s$/), without(/es$/), word];
  return [word];
}

/** @param {string} word */
function plural(word) {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies');
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
