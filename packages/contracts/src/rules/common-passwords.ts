import { createRequire } from 'node:module';

/** What people take when they are asked for a password. */
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

const THIS_CENTURY = Array.from({ length: 41 }, (_, index) => String(1990 + index));
const ENDINGS = [
  '',
  '!',
  '!!',
  '.',
  '?',
  '1',
  '1!',
  '2',
  '7',
  '12',
  '12!',
  '11',
  '01',
  '99',
  '00',
  '123',
  '123!',
  '!123',
  '@123',
  '#123',
  '1234',
  '12345',
  '123456',
  '1234567',
  '12345678',
  '321',
  '007',
  '69',
  '666',
  '777',
  ...THIS_CENTURY,
  ...THIS_CENTURY.map((year) => `${year}!`),
];

let passwords: ReadonlySet<string> | undefined;

/**
 * Whether guessing starts with this password: it was found in leaks again and again, or is a common word with a common
 * ending, a repetition or a run. Upper and lower case are the same.
 */
export function isCommonPassword(password: string): boolean {
  passwords ??= new Set([...leaked(), ...decoratedWords(), ...repetitions(), ...runs()]);
  return passwords.has(password.toLowerCase());
}

/** Read when a password is judged for the first time: most services never do. */
function leaked(): string[] {
  const { dictionary } = createRequire(import.meta.url)('@zxcvbn-ts/language-common') as {
    dictionary: { 'passwords-common': string[] };
  };
  return dictionary['passwords-common'];
}

function* decoratedWords(): Generator<string> {
  for (const word of WORDS) {
    for (const ending of ENDINGS) yield word + ending;
    yield word + word;
    yield `123${word}`;
  }
}

/** aaaaaaaa, 11111111, abababab, 12121212 … */
function* repetitions(): Generator<string> {
  const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  for (const character of characters)
    for (let length = 8; length <= 16; length++) yield character.repeat(length);
  for (const pair of [
    'ab',
    'abc',
    'xyz',
    '12',
    '123',
    '1234',
    '321',
    '21',
    '01',
    '10',
    '69',
    '13',
    '23',
    '007',
  ]) {
    for (let times = 2; times <= 6; times++) yield pair.repeat(times);
  }
}

/** 12345678, 87654321, 34567890, and letters likewise. */
function* runs(): Generator<string> {
  for (const row of [
    '01234567890123456789',
    'abcdefghijklmnopqrstuvwxyz',
    'qwertyuiop',
    'asdfghjkl',
    '1234567890qwertyuiop',
  ]) {
    const backwards = [...row].reverse().join('');
    for (const text of [row, backwards]) {
      for (let start = 0; start + 8 <= text.length; start++) {
        for (let end = start + 8; end <= text.length; end++) yield text.slice(start, end);
      }
    }
  }
}
