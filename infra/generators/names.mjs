// @ts-check
import { Failure } from '../local/failure.mjs';

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
  const one = singular(name);
  return { one: forms(one), many: forms(plural(one)) };
}

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

/** @param {string} word */
function singular(word) {
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(s|x|z|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** @param {string} word */
function plural(word) {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies');
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
