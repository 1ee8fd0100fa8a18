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
  return pairOf(singularsOf(name)[0] ?? name);
}

/**
 * The noun of a feature that exists. Several words can have the same plural; the right one is the one that has an
 * entity.
 */
export function nounIn(folder: string, exists: (file: string) => boolean): Noun {
  const one = singularsOf(folder).find((word) => plural(word) === folder && exists(`${word}.entity.ts`));
  return one ? pairOf(one) : nounOf(folder);
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

/** The possible singulars of a word, the most likely first; the word itself when it is no plural. */
function singularsOf(word: string): string[] {
  const without = (ending: RegExp, replacement = '') => word.replace(ending, replacement);
  if (/[^aeiou]ies$/.test(word)) return [without(/ies$/, 'y'), without(/s$/), word];
  if (/(ss|us|x|z|ch|sh)es$/.test(word)) return [without(/es$/), without(/s$/), word];
  if (/[^su]s$/.test(word)) return [without(/s$/), without(/es$/), word];
  return [word];
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies');
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
