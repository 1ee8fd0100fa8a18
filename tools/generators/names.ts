import { Failure } from '../lib/failure.ts';

/** A name in each spelling that code, files, URLs and sentences use. */
export interface Spellings {
  pascal: string;
  camel: string;
  kebab: string;
  snake: string;
  words: string;
}

export interface Noun {
  one: Spellings;
  many: Spellings;
}

/** The noun of a name in singular or plural: `order-item`. */
export function nounOf(name: string): Noun {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Failure(
      `"${name}" is no name for a feature: use small letters, digits and dashes, as in comment or order-item.`,
    );
  return pairOf(singularOf(name));
}

/** The noun of a feature that exists. Of the words with this plural it is the one that has an entity. */
export function nounIn(folder: string, files: string[]): Noun {
  const words = files.map((file) => file.replace(/\.entity\.ts$/, ''));
  return pairOf(words.find((word) => plural(word) === folder) ?? singularOf(folder));
}

export function spellingsOf(kebab: string): Spellings {
  const pascal = kebab.split('-').map(capital).join('');
  return {
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    kebab,
    snake: kebab.replaceAll('-', '_'),
    words: kebab.replaceAll('-', ' '),
  };
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A key as the formatter writes it in an object or interface. */
export const keyOf = (name: string): string => (/^\w+$/.test(name) ? name : `'${name}'`);

const pairOf = (one: string): Noun => ({ one: spellingsOf(one), many: spellingsOf(plural(one)) });

/** The most likely singular; the word itself when it is no plural. */
function singularOf(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|us|x|z|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  return /[^su]s$/.test(word) ? word.replace(/s$/, '') : word;
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies');
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
