// @ts-check
// What the generators are made of. That what they make works is shown by tests/system/extend.ts.
import assert from 'node:assert/strict';
// #region only with posts
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// #endregion
import { describe, it } from 'node:test';
import * as edit from './edit.ts';
import { featureParts, payloadParts } from './field-parts.ts';
import { longestBodyKb, parseFields } from './fields.ts';
import { nounIn, nounOf } from './names.ts';
import { isTaken } from './taken-names.ts';
import { fill, refuseTaken } from './templates.ts';
import { root } from './workspace.ts';

describe('nounOf', () => {
  for (const [name, one, many] of [
    ['comment', 'comment', 'comments'],
    ['comments', 'comment', 'comments'],
    ['order-items', 'order-item', 'order-items'],
    ['category', 'category', 'categories'],
    ['boxes', 'box', 'boxes'],
    ['day', 'day', 'days'],
    ['address', 'address', 'addresses'],
    ['status', 'status', 'statuses'],
  ])
    it(`knows ${name} as ${one} and ${many}`, () => {
      const noun = nounOf(name);
      assert.deepEqual([noun.one.kebab, noun.many.kebab], [one, many]);
    });

  for (const [folder, entity] of [
    ['courses', 'course'],
    ['movies', 'movie'],
    ['caches', 'cache'],
    ['addresses', 'address'],
    ['categories', 'category'],
  ])
    it(`knows the one of ${folder} by its entity, ${entity}`, () => {
      const noun = nounIn(folder ?? '', (file) => file === `${entity}.entity.ts`);
      assert.deepEqual([noun.one.kebab, noun.many.kebab], [entity, folder]);
    });

  for (const name of ['Comment', 'order_item', '1st', '../posts', ''])
    it(`refuses "${name}"`, () => assert.throws(() => nounOf(name), /is no name for a feature/));
});

describe('parseFields', () => {
  it('reads kinds, limits and what may be missing', () => {
    assert.deepEqual(
      parseFields('title:string:2..30 rating:int? due_at:datetime').map(
        ({ camel, kind, optional, min, max }) => [...[camel, kind, optional, min, max]],
      ),
      [
        ['title', 'string', false, 2, 30],
        ['rating', 'int', true, 0, 2_147_483_647],
        ['dueAt', 'datetime', false, undefined, undefined],
      ],
    );
  });

  for (const [text, reason] of /** @type {[string, RegExp][]} */ ([
    ['title', /is no field/],
    ['title:varchar', /is no field/],
    ['Title:string', /is no field/],
    ['title:string:9..1', /9 is more than 1/],
    ['gift:bool:1..2', /has no limits/],
    ['title:string:1..99999', /limits of string are from 0 to/],
    ['rating:int:-3000000000..0', /limits of int are from -2147483648 to/],
    ['due_1:int due1:int', /are both due1 in code/],
    ['constructor:string', /every object in JavaScript/],
    ['to_string:string', /every object in JavaScript/],
    ['tit-le:string', /is no field/],
    ['title:constructor', /is no field/],
    ['title:string title:text', /is there twice/],
    ['title:string?', /At least one field/],
  ]))
    it(`refuses ${text}`, () => assert.throws(() => parseFields(text), reason));

  it('refuses what has a meaning where the fields will be', () => {
    assert.throws(() => parseFields('page:int', { page: 'lists take that' }), /page: lists take that/);
  });

  it('makes columns and rules that belong together', () => {
    const parts = featureParts(parseFields('title:string:2..30 due_at:datetime?'));

    assert.match(parts['dto.create'] ?? '', /@StringField\(TITLE\)\ntitle: string;/);
    assert.match(parts['dto.create'] ?? '', /@MomentField\(.*nullable.*\)\ndue_at\?: Date \| null;/);
    assert.match(
      parts['entity.columns'] ?? '',
      /@TimestampColumn\(\{ nullable: true \}\)\ndueAt: Date \| null;/,
    );
  });
});

describe('payloadParts', () => {
  it('spells keys as code does', () => {
    const parts = payloadParts(parseFields('user_id:int due_at:datetime'));

    assert.match(parts['dto.create'] ?? '', /@IntField\(USER_ID\)\nuserId: number;/);
    assert.match(parts['sample.one'] ?? '', /^userId: 1, dueAt: '/);
  });
});

describe('isTaken', () => {
  for (const name of ['order', 'user', 'select', 'nginx', 'tests', 'pgdata', 'constructor', 'public'])
    it(`refuses a service ${name}`, () => assert.ok(isTaken(name)));

  for (const name of ['media', 'billing', 'search', 'orders'])
    it(`allows a service ${name}`, () => assert.ok(!isTaken(name)));
});

describe('longestBodyKb', () => {
  it('is known where bodies may be longer than usual', () => {
    assert.equal(longestBodyKb(parseFields('title:string address:url')), undefined);
    assert.equal(longestBodyKb(parseFields('title:string:2..30 body:text')), 120);
  });
});

describe('fill', () => {
  it('spells a noun as its place wants it', () => {
    const noun = nounOf('order-item');
    const text = `import { Gadget } from './{gadgets}.js'; Promise<Gadget>; '<gadget>/:id'; gadgets; '~Gadget~ gone'`;

    assert.equal(
      fill(text, { service: 'shop', noun }),
      `import { OrderItem } from './order-items.js'; Promise<OrderItem>; 'order_item/:id'; orderItems; 'Order item gone'`,
    );
  });
});

// #region only with posts
describe('the template of a service', () => {
  for (const name of ['app.yml', 'migration.yml'])
    it(`has in ${name} what docker-compose.yml says of posts`, () => {
      const template = readFileSync(join(root, 'tools/generators/templates/compose', name), 'utf8');
      const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

      assert.ok(compose.includes(fill(template, { service: 'posts', port: 3 })));
    });
});
// #endregion

describe('refuseTaken', () => {
  for (const [name, reason] of /** @type {[string, RegExp][]} */ ([
    ['class', /The word class has a meaning of its own/],
    ['package', /The word package has a meaning/],
    ['promise', /The word Promise has a meaning/],
    ['date', /The word Date has a meaning/],
    ['transaction', /The word Transaction has a meaning/],
    ['database', /The word \w+ has a meaning/],
  ]))
    it(`refuses a feature ${name}`, () =>
      assert.throws(
        () => refuseTaken('feature', '/nowhere', { service: 'shop', noun: nounOf(name) }),
        reason,
      ));

  for (const name of ['event', 'answer', 'order', 'group', 'time', 'file'])
    it(`allows a feature ${name}`, () =>
      assert.doesNotThrow(() => refuseTaken('feature', '/nowhere', { service: 'shop', noun: nounOf(name) })));

  it('refuses what would be written over another file', () => {
    const values = { service: 'users', noun: nounOf('command') };
    assert.throws(
      () => refuseTaken('feature', root, values),
      /apps\/users\/test\/commands\.spec\.ts is there already/,
    );
  });
});

describe('edits', () => {
  const yaml =
    'services:\n  one:\n    image: a\n\n  # two\n  two:\n    image: b\n    list:\n      - x\n\nvolumes:\n  one:\n';

  it('put a block where one belongs, and take it out again to the letter', () => {
    const added = edit.insertAfterLastBlock(yaml, /^ {2}two:$/, '\n  three:\n    image: c');

    assert.match(added, /- x\n\n {2}three:\n {4}image: c\n\nvolumes:/);
    assert.equal(edit.removeBlocks(added, /^ {2}three:$/), yaml);
  });

  it('give modules lines of their own', () => {
    assert.equal(
      edit.importsByLine('@Module({\n  imports: [AModule.forRoot(x, y), BModule],\n})\n'),
      '@Module({\n  imports: [\n    AModule.forRoot(x, y),\n    BModule,\n  ],\n})\n',
    );
  });

  it('keep lines in order', () => {
    assert.equal(edit.insertInOrder('// b\na 1\na 3\n', /^a/, 'a 2'), '// b\na 1\na 2\na 3\n');
    assert.equal(edit.insertInOrder('a 1\nb\n', /^a/, 'a 2'), 'a 1\na 2\nb\n');
  });

  it('take out every block of a name', () => {
    assert.equal(
      edit.removeBlocks(yaml, /^ {2}one:$/),
      'services:\n  # two\n  two:\n    image: b\n    list:\n      - x\n\nvolumes:\n',
    );
  });

  it('add to a list and take from it', () => {
    const list = /(names = \[)([^\]]*)/;
    const added = edit.addToList(`names = ['a'];`, list, `'b'`);

    assert.equal(added, `names = ['a', 'b'];`);
    assert.equal(edit.removeFromList(added, list, `'b'`), `names = ['a'];`);
  });

  it('take out what is only there with a service, and leave the rest', () => {
    const text =
      'a\n\n// #region only with posts\nb\n// #endregion\n\nc\n<!-- #region only with jobs, posts -->\nd\n' +
      '<!-- #endregion -->\n  # #region only with jobs\n  e\n  # #endregion\n// #region posts\nf\n// #endregion\n';

    assert.equal(
      edit.removeRegions(text, 'posts'),
      'a\n\nc\n  # #region only with jobs\n  e\n  # #endregion\n// #region posts\nf\n// #endregion\n',
    );
    assert.equal(
      edit.removeRegions(edit.removeRegions(text, 'posts'), 'jobs'),
      'a\n\nc\n// #region posts\nf\n// #endregion\n',
    );
  });

  it('say what they look for and do not find', () => {
    assert.throws(() => edit.insertAfterLast('a', /^b/, 'c'), /There is no line like/);
  });
});
