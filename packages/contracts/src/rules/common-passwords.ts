import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const WORDS = `
  password passwort passw0rd p@ssword p@ssw0rd pa55word passpass motdepasse contrasena parola haslo senha
  qwerty qwertz azerty qwertyui qwertyuiop asdfgh asdfghjk asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc 1qaz2wsx 1q2w3e4r
  q1w2e3r4 zaq12wsx abcd abcde abcdef abcdefg abcdefgh aaaa asdf qwer test tester testtest temp guest demo sample
  admin administrator adminadmin root rootroot toor superuser sysadmin manager operator service default changeme
  change letmein letmein! welcome welcome1 login access secret secret123 trustno1 whatever iloveyou loveyou lovely
  sunshine princess dragon monkey football baseball basketball soccer hockey superman batman spiderman pokemon
  starwars matrix shadow master ninja mustang harley ferrari porsche mercedes corvette chelsea liverpool arsenal
  barcelona realmadrid juventus michael michelle jennifer jessica jordan daniel thomas charlie george andrew robert
  william anthony joshua matthew nicole ashley amanda samantha alexander victoria elizabeth summer winter spring
  autumn january february march april june july august september october november december monday friday sunday
  computer internet google facebook twitter instagram linkedin youtube microsoft windows apple samsung android
  company office server system database network security hello hellohello goodbye freedom peace angel heaven
  flower butterfly rainbow chocolate cookie cheese banana orange cherry pepper ginger buster tigger killer hunter
  ranger cowboy eagle falcon phoenix thunder lightning diamond silver golden purple yellow america london berlin
  madrid paris france germany england canada australia mexico brazil russia poland`.match(/\S+/g)!;

const ENDINGS = new Set(
  `! !! . ? 1 1! 2 7 12 12! 11 01 99 00 123 123! !123 @123 #123 1234 12345 123456 1234567 12345678 321 007 69 666
  777`.match(/\S+/g),
);
const YEAR = /^(199|20[0-3])\d!?$/;

/** Rows of keyboards, and the alphabet. */
const ROWS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', '1234567890qwertyuiop', 'asdfghjkl'];

/** Ignores the case. Besides the leaked passwords, words with a common ending, repetitions and runs are common. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  return isDecorated(text) || isRepetition(text) || isRun(text) || leaked().has(text);
}

/** Password1, Summer2026!, adminadmin, 123letmein */
function isDecorated(text: string): boolean {
  return WORDS.some((word) => {
    if (text === `123${word}`) return true;
    if (!text.startsWith(word)) return false;
    const ending = text.slice(word.length);
    return ending === '' || ending === word || ENDINGS.has(ending) || YEAR.test(ending);
  });
}

/** aaaaaaaa, 12121212, abcabcabc, 12341234 */
function isRepetition(text: string): boolean {
  return text.length <= 16 && /^([a-z0-9]{1,4})\1+$/.test(text);
}

/** 12345678, 87654321, qwertyuiop */
function isRun(text: string): boolean {
  const backwards = [...text].reverse().join('');
  return ROWS.some((row) => row.includes(text) || row.includes(backwards));
}

let passwords: ReadonlySet<string> | undefined;

/** The leaked passwords. Read at the first use, because most services have none. */
function leaked(): ReadonlySet<string> {
  if (!passwords) {
    const file = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json');
    const all = JSON.parse(readFileSync(file, 'utf8')) as string[];
    passwords = new Set(all.filter(({ length }) => length >= 8));
  }
  return passwords;
}
