// The parts of the generators. tests/system/extend.ts tests what they write.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
// #region only with posts
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// #endregion
import { describe, it } from 'node:test';
import { ROOT } from '../lib/root.ts';
import { KINDS } from './field-kinds.ts';
import { featureParts, payloadParts } from './field-parts.ts';
import { longestBodyKb, parseFields } from './fields.ts';
import { nounIn, nounOf } from './names.ts';
import { removeRegions, withoutService } from './references.ts';
import { isReserved } from './reserved-names.ts';
import { fill, refuseTaken } from './templates.ts';

describe('nounOf', () => {
  const nouns: [name: string, one: string, many: string][] = [
    ['comment', 'comment', 'comments'],
    ['comments', 'comment', 'comments'],
    ['order-items', 'order-item', 'order-items'],
    ['category', 'category', 'categories'],
    ['boxes', 'box', 'boxes'],
    ['day', 'day', 'days'],
    ['address', 'address', 'addresses'],
    ['status', 'status', 'statuses'],
  ];
  for (const [name, one, many] of nouns)
    it(`reads ${name} as ${one} and ${many}`, () => {
      const noun = nounOf(name);
      assert.deepEqual([noun.one.kebab, noun.many.kebab], [one, many]);
    });

  const entities: [folder: string, entity: string][] = [
    ['courses', 'course'],
    ['movies', 'movie'],
    ['caches', 'cache'],
    ['addresses', 'address'],
    ['categories', 'category'],
  ];
  for (const [folder, entity] of entities)
    it(`finds the singular of ${folder} by its entity, ${entity}`, () => {
      const noun = nounIn(folder, ['other.entity.ts', `${entity}.entity.ts`]);
      assert.deepEqual([noun.one.kebab, noun.many.kebab], [entity, folder]);
    });

  for (const name of ['Comment', 'order_item', '1st', '../posts', ''])
    it(`refuses "${name}"`, () => assert.throws(() => nounOf(name), /is no name for a feature/));
});

describe('parseFields', () => {
  it('reads kinds, limits and optional fields', () => {
    assert.deepEqual(parseFields('title:string:2..30 rating:int? due_at:datetime'), [
      { name: 'title', camel: 'title', kind: KINDS.string, optional: false, min: 2, max: 30 },
      { name: 'rating', camel: 'rating', kind: KINDS.int, optional: true, min: 0, max: 2_147_483_647 },
      { name: 'due_at', camel: 'dueAt', kind: KINDS.datetime, optional: false },
    ]);
  });

  const refused: [text: string, reason: RegExp][] = [
    ['title', /is no field/],
    ['title:varchar', /is no field/],
    ['Title:string', /is no field/],
    ['title:string:9..1', /9 is more than 1/],
    ['gift:bool:1..2', /has no limits/],
    ['title:string:1..99999', /choose limits from 0 to/],
    ['title:string:0..0', /the upper at least 1/],
    ['rating:int:-3000000000..0', /choose limits from -2147483648 to/],
    ['due_1:int due1:int', /are both due1 in code/],
    ['constructor:string', /every object in JavaScript/],
    ['to_string:string', /every object in JavaScript/],
    ['tit-le:string', /is no field/],
    ['title:constructor', /is no field/],
    ['title:string title:text', /is there twice/],
    ['title:string?', /At least one field has to be required/],
  ];
  for (const [text, reason] of refused)
    it(`refuses ${text}`, () => assert.throws(() => parseFields(text), reason));

  it('refuses a name that is taken', () => {
    assert.throws(() => parseFields('page:int', ['page']), /page: every feature has/);
  });
});

describe('featureParts', () => {
  it('writes columns and rules that agree', () => {
    const parts = featureParts(parseFields('title:string:2..30 due_at:datetime?'));

    assert.match(parts['dto.create'] ?? '', /@StringField\(TITLE\)\ntitle: string;/);
    assert.match(parts['dto.create'] ?? '', /@DateTimeField\(.*nullable.*\)\ndue_at\?: Date \| null;/);
    assert.match(
      parts['entity.columns'] ?? '',
      /@TimestampColumn\(\{ nullable: true \}\)\ndueAt: Date \| null;/,
    );
  });
});

describe('payloadParts', () => {
  it('writes keys in camel case', () => {
    const parts = payloadParts(parseFields('user_id:int due_at:datetime'));

    assert.match(parts['dto.create'] ?? '', /@IntField\(USER_ID\)\nuserId: number;/);
    assert.match(parts['sample.one'] ?? '', /^userId: 1, dueAt: '/);
  });
});

describe('longestBodyKb', () => {
  it('is a number when bodies can be longer than the default limit', () => {
    assert.equal(longestBodyKb(parseFields('title:string address:url')), undefined);
    assert.equal(longestBodyKb(parseFields('title:string:2..30 body:text')), 120);
  });
});

describe('isReserved', () => {
  for (const name of ['order', 'user', 'select', 'nginx', 'tests', 'pgdata', 'constructor', 'public'])
    it(`refuses a service ${name}`, () => assert.ok(isReserved(name)));

  for (const name of ['media', 'billing', 'search', 'orders'])
    it(`allows a service ${name}`, () => assert.ok(!isReserved(name)));
});

describe('fill', () => {
  it('spells a noun as the text around it requires', () => {
    const noun = nounOf('order-item');
    const text = `import { Gadget } from './{gadgets}.js'; Promise<Gadget>; '<gadget>/:id'; gadgets; '~Gadget~ gone'`;

    assert.equal(
      fill(text, { service: 'shop', noun }),
      `import { OrderItem } from './order-items.js'; Promise<OrderItem>; 'order_item/:id'; orderItems; 'Order item gone'`,
    );
  });

  it('keeps conditional lines when their part is not empty', () => {
    const text = 'a\n  // #if long\n  b = /* long */;\n  // #endif\nc\n';

    assert.equal(fill(text, { service: 'shop', parts: { long: '120' } }), 'a\n  b = 120;\nc\n');
    assert.equal(fill(text, { service: 'shop', parts: { long: '' } }), 'a\nc\n');
  });
});

describe('a generated migration', () => {
  it('has the format that the format check requires', async () => {
    const { migrationSource } = await import('../../packages/database/dist/migration-source.js');
    const queries = [10, 72, 73, 200].map((length) => `CREATE ${'x'.repeat(length)}`);
    const source: string = migrationSource('create-x', 1, [...queries, 'a\nb'], ['DROP x']);
    const { stdout } = spawnSync('node_modules/.bin/oxfmt', ['--stdin-filepath', 'create-x.ts'], {
      cwd: ROOT,
      input: source,
      encoding: 'utf8',
    });

    assert.equal(source, stdout);
  });
});

// #region only with posts
describe('the template of a service', () => {
  for (const name of ['app.yml', 'migration.yml'])
    it(`has in ${name} what docker-compose.yml has for posts`, () => {
      const template = readFileSync(join(ROOT, 'tools/generators/templates/compose', name), 'utf8');
      const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');

      assert.ok(compose.includes(fill(template, { service: 'posts', port: 3 })));
    });
});
// #endregion

describe('refuseTaken', () => {
  const refused: [name: string, reason: RegExp][] = [
    ['class', /The word class has another meaning/],
    ['package', /The word package has another meaning/],
    ['promise', /The word Promise has another meaning/],
    ['date', /The word Date has another meaning/],
    ['transaction', /The word Transaction has another meaning/],
    ['database', /The word \w+ has another meaning/],
  ];
  for (const [name, reason] of refused)
    it(`refuses a feature ${name}`, () =>
      assert.throws(() => refuseTaken('feature', { service: 'shop', noun: nounOf(name) }), reason));

  for (const name of ['event', 'answer', 'order', 'group', 'time', 'file'])
    it(`allows a feature ${name}`, () =>
      assert.doesNotThrow(() => refuseTaken('feature', { service: 'shop', noun: nounOf(name) })));

  it('refuses a feature that has the file of another', () => {
    assert.throws(
      () => refuseTaken('feature', { service: 'users', noun: nounOf('command') }),
      /apps\/users\/test\/commands\.spec\.ts exists already/,
    );
  });
});

describe('withoutService', () => {
  it('removes rows and diagram lines of the service, and replaces it in examples', () => {
    const page = [
      '| `apps/posts` | posts |',
      '| posts | 1 |',
      '| model | `apps/posts/src/post.entity.ts` |',
      '| users | posts of users |',
      '```text',
      '  ├─ users',
      '  ├─ posts ── PostgreSQL',
      '```',
      'Read `apps/posts`, then: npm test -- posts, npm run gen -- feature posts comment, --scale posts=3',
      '',
    ];

    assert.deepEqual(withoutService(page.join('\n'), 'posts').split('\n'), [
      '| users | posts of users |',
      '```text',
      '  ├─ users',
      '```',
      'Read `apps/users`, then: npm test -- users, npm run gen -- feature users comment, --scale users=3',
      '',
    ]);
  });

  it('leaves a page alone that generates the service as an example', () => {
    const page = 'npm run gen -- service media\nnpm run gen -- feature media picture\n';

    assert.equal(withoutService(page, 'media'), page);
  });
});

describe('removeRegions', () => {
  it('removes the lines that need a service, and no others', () => {
    const text =
      'a\n\n// #region only with posts\nb\n// #endregion\n\nc\n<!-- #region only with jobs, posts -->\nd\n' +
      '<!-- #endregion -->\n  # #region only with jobs\n  e\n  # #endregion\n// #region posts\nf\n// #endregion\n';

    assert.equal(
      removeRegions(text, 'posts'),
      'a\n\nc\n  # #region only with jobs\n  e\n  # #endregion\n// #region posts\nf\n// #endregion\n',
    );
    assert.equal(
      removeRegions(removeRegions(text, 'posts'), 'jobs'),
      'a\n\nc\n// #region posts\nf\n// #endregion\n',
    );
  });
});
