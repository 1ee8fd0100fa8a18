import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ensureSecrets, readSecret, SECRETS, servicePasswords } from './secrets/generate.ts';
import { natsConfig, permissions } from './nats/nats-config.ts';
import { redisAcl } from './redis/redis-config.ts';
import { SERVICE_NAMES, SERVICES } from './services.ts';

const dir = mkdtempSync(join(tmpdir(), 'rights-'));
after(() => rmSync(dir, { recursive: true }));

const root = join(import.meta.dirname, '..');
const found = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

/** The source of services, without tests. */
function sourceOf(...services: string[]): string {
  const files = globSync(`apps/{${services.join(',')},}/src/**/*.ts`, { cwd: root });
  return files
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

/** The declarations of the events of a service. */
function contractsOf(service: string): string {
  const file = join(root, `packages/contracts/src/${service}/${service}.events.ts`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

describe('ensureSecrets', () => {
  it('creates each secret once, readable by its owner only, and each with another value', () => {
    assert.deepEqual(ensureSecrets(dir), SECRETS);
    const values = SECRETS.map((name) => readSecret(dir, name));

    assert.deepEqual(ensureSecrets(dir), []);
    assert.deepEqual(
      SECRETS.map((name) => readSecret(dir, name)),
      values,
    );
    assert.equal(new Set(values).size, SECRETS.length);
    for (const name of SECRETS) assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600);
    for (const value of values) assert.match(value, /^[\w-]{43}$/);
  });
});

describe('SERVICES', () => {
  for (const name of SERVICE_NAMES) {
    const { http, schema, requests, subscribes, publishes, cacheKeys, limitKeys, queueKeys } = SERVICES[name];
    const code = sourceOf(name);

    it(`gives ${name} the requests that it sends, and no others`, () => {
      const sent = found(code, /\.request\(\s*'([\w.-]+)'/g);
      if (http && !code.includes('keySource:')) sent.push('auth.get-keys', 'auth.list-revocations');
      if (code.includes('SuperuserLoginGuard')) sent.push('auth.check-password');
      assert.deepEqual(requests.toSorted(), sent.toSorted());
    });

    it(`gives ${name} the events that it consumes, and no others`, () => {
      assert.deepEqual(subscribes.toSorted(), found(code, /@OnEvent\('([\w.-]+)'\)/g).toSorted());
    });

    it(`gives ${name} the events that it publishes, and no others but its own`, () => {
      const published = found(sourceOf(name, schema), /\.emit\(\s*'([\w.-]+)'/g);
      const own = found(contractsOf(schema), /^ {2}'([\w.-]+)':/gm);
      assert.deepEqual(
        published.filter((event) => !publishes.some((one) => one === event)),
        [],
      );
      assert.deepEqual(
        publishes.filter((event) => ![...published, ...own].includes(event)),
        [],
      );
    });

    it(`gives ${name} keys in each Redis that it uses, and in no other`, () => {
      assert.deepEqual(
        [cacheKeys, limitKeys, queueKeys].map((keys) => keys.length > 0),
        ['CacheModule', 'RateLimitModule', 'QueueModule'].map((module) => code.includes(`${module}.forRoot`)),
      );
    });
  }

  it('gives services that share a schema, and so its outbox, the same events to publish', () => {
    for (const { schema, publishes } of Object.values(SERVICES))
      assert.deepEqual(publishes, SERVICES[schema].publishes);
  });
});

describe('rights', () => {
  it('let a service subscribe only to subjects that are meant for it', () => {
    assert.deepEqual(permissions('users').subscribe, [
      'rpc.users.>',
      ...['revocations', 'rate-limits', 'cache.users'].map((topic) => `replicas.topic.${topic}`),
      ...['replicas.heartbeat', 'replicas.leave', 'replicas.reload'],
      '_INBOX.users.>',
    ]);
  });

  it('let a service consume only the events that it subscribes to, and never browse or purge the stream', () => {
    const subscribes = [
      'user.deleted',
      'user.hard-deleted',
      'user.password-changed',
      'user.privileges-changed',
    ];

    assert.deepEqual(
      permissions('auth').publish.filter((subject) => subject.startsWith('$JS.')),
      [
        '$JS.API.STREAM.CREATE.EVENTS',
        '$JS.API.STREAM.UPDATE.EVENTS',
        '$JS.API.STREAM.INFO.EVENTS',
        ...subscribes.flatMap((event) => {
          const consumer = `auth_${event.replace('.', '_')}`;
          return [
            `$JS.API.CONSUMER.CREATE.EVENTS.${consumer}.events.${event}`,
            `$JS.API.CONSUMER.INFO.EVENTS.${consumer}`,
            `$JS.API.CONSUMER.MSG.NEXT.EVENTS.${consumer}`,
            `$JS.ACK.EVENTS.${consumer}.>`,
          ];
        }),
      ],
    );
  });

  it('are in the configuration of NATS, for each service', () => {
    const passwords = servicePasswords(dir, 'nats');
    const text = natsConfig({ host: '127.0.0.1', port: 1, storeDir: '/x', passwords });

    for (const name of SERVICE_NAMES) {
      const { publish, subscribe } = permissions(name);
      const account = `{ user: "${name}", password: "${passwords[name]}", permissions: {`;
      assert.ok(
        text.includes(
          `${account}\n    publish: ${JSON.stringify(publish)}\n    subscribe: ${JSON.stringify(subscribe)}`,
        ),
      );
    }
  });

  it('keep passwords out of the ACL, and each service to its own keys', () => {
    const passwords = servicePasswords(dir, 'redis');
    const acl = redisAcl('cache', passwords);

    for (const password of Object.values(passwords)) assert.ok(!acl.includes(password));
    // #region only with posts
    assert.match(acl, /^user posts on #[0-9a-f]{64} ~cache:posts:\* \+@all -@admin -@dangerous \+info$/m);
    // #endregion
    // #region only with jobs
    assert.doesNotMatch(acl, /^user worker/m);
    // #endregion
  });
});
