import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { capital, type Noun, type Spellings } from './names.ts';
import { removeFile } from './workspace.ts';

/**
 * Templates are real code about a `gadget` in the service `depot`. In code the noun keeps the spelling around it:
 * `Gadget`, `gadget`, `GADGET`. In paths, URLs and sentences a mark chooses the spelling: `{gadget}` kebab, `<gadget>`
 * snake, `~gadget~` words. `/* name *\/` stands for a part, and lines between `// #if name` and `// #endif` are there
 * when that part is not empty.
 */
const MARKED = /([{<~])(gadgets?|(?<=~)Gadgets?)[}>~]/g;
const PLAIN = /gadgets?|Gadgets?|GADGETS?/g;
const CONDITIONAL = /^ *\/\/ #if ([\w.]+)\n([^]*?)^ *\/\/ #endif\n/gm;
/** The names of methods, which cannot be confused with variables. */
const METHOD = /(?<=\w)\.\w+(?=\()/g;

export interface Values {
  service: string;
  /** The last two digits of the ports of the service. */
  port?: number;
  noun?: Noun;
  parts?: Record<string, string>;
}

export function writeTemplate(name: string, values: Values): void {
  for (const { path, text } of filesOf(name)) {
    const target = join(ROOT, fill(path, values));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(text, values), { flag: 'wx' });
  }
}

/** Removes the files that `writeTemplate` wrote with these values. */
export function removeTemplate(name: string, values: Values): void {
  for (const target of targetsOf(name, values)) removeFile(target);
}

/** The files that `writeTemplate` writes. */
export const targetsOf = (name: string, values: Values): string[] =>
  filesOf(name).map(({ path }) => fill(path, values));

/** Throws when a file of the template exists, or when the noun means something else in the code of the template. */
export function refuseTaken(name: string, values: Values): void {
  const existing = targetsOf(name, values).find((target) => existsSync(join(ROOT, target)));
  if (existing) throw new Failure(`${existing} exists already: choose another name.`);
  for (const { text } of filesOf(name)) {
    const code = text.replace(/\/\*[^]*?\*\/|\/\/.*|'[^']*'/g, ' ').replace(MARKED, ' ');
    const others = new Set(
      code
        .replace(PLAIN, ' ')
        .replace(METHOD, ' ')
        .match(/[A-Za-z]\w*/g),
    );
    const taken = (code.match(PLAIN) ?? [])
      .map((word) => fill(word, values))
      .find((word) => others.has(word) || isKeyword(word));
    if (taken) throw new Failure(`The word ${taken} has another meaning in the code: choose another name.`);
  }
}

export function fill(text: string, { service, port = 0, noun, parts = {} }: Values): string {
  const filled = text
    .replace(CONDITIONAL, (_, part: string, lines: string) => (parts[part] ? lines : ''))
    .replace(/\/\* ([\w.]+) \*\//g, (whole, part: string) => parts[part] ?? whole)
    .replaceAll('depot', service)
    .replaceAll('Depot', capital(service))
    .replaceAll('DEPOT', service.toUpperCase())
    .replaceAll('3099', String(3000 + port))
    .replaceAll('9099', String(9000 + port));
  if (!noun) return filled;
  const spellingsOf = (word: string): Spellings => (/s$/i.test(word) ? noun.many : noun.one);
  return filled
    .replace(MARKED, (_, mark: string, word: string) => {
      const { kebab, snake, words } = spellingsOf(word);
      const spelled = mark === '{' ? kebab : mark === '<' ? snake : words;
      return word.startsWith('G') ? capital(spelled) : spelled;
    })
    .replace(PLAIN, (word) => {
      if (word.startsWith('GA')) return spellingsOf(word).snake.toUpperCase();
      return word.startsWith('G') ? spellingsOf(word).pascal : spellingsOf(word).camel;
    });
}

function filesOf(name: string): { path: string; text: string }[] {
  const folder = join(import.meta.dirname, 'templates', name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** Whether no variable in JavaScript can have this name. */
function isKeyword(word: string): boolean {
  try {
    return !new Script(`'use strict'; (async () => { const ${word} = 1; })`);
  } catch {
    return true;
  }
}
