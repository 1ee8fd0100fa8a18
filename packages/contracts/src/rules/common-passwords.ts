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

/** Every password of eight characters and more that guessing starts with, in lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  [...decoratedWords(), ...repetitions(), ...digitRuns(), ...patterns()].filter(
    (password) => password.length >= 8,
  ),
);

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
function* digitRuns(): Generator<string> {
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

/** Walks over the keyboard and other favourites. */
function patterns(): string[] {
  return `
    1qaz2wsx3edc 1qazxsw2 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 qwer1234 1234qwer asdf1234 1234asdf abcd1234 1234abcd
    a1b2c3d4 a1s2d3f4 aa123456 aaa11111 abc12345 abc123456 123456aa 123456abc 12qwaszx qweasdzxc qwe123qwe 123qwe123
    123qweasd 147258369 741852963 159753456 963852741 123654789 147896325 987654321a 123456789a 1234567890a q123456789
    11223344 1122334455 12344321 123321123 123123123 10203040 19283746 13579246 24681012 11112222 12341234 87654321a
    pass1234 pass12345 admin1234 user1234 test1234 root1234 hello123 love1234 zxcvbnm1 qwerty12 qwerty123 iloveyou2
    qazwsx12 zaq1zaq1 zaq12wsx passwords mypassword newpassword yourpassword thepassword nopassword password12345678
    letmeinnow letmein123 openup123 whatever1 trustno123 blahblah asdfasdf qwerqwer zxcvzxcv`.match(/\S+/g)!;
}
