import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthGuard, AuthModule, KeySource, Revocations, RevocationSource } from '@repo/auth';
import { ReplicaBus, Requests } from '@repo/messaging';
import { ErrorFilter, registerRequestHooks } from '@repo/service';
import { MemoryNetwork, NoRevocations, TestKeySource, testToken, undeclaredRoutes } from '@repo/testing';
import { DocumentsController } from './documents.controller.js';
import { DocumentsRepository } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';

@Global()
@Module({
  providers: [
    { provide: ReplicaBus, useFactory: () => new MemoryNetwork().join() },
    { provide: Requests, useValue: {} },
  ],
  exports: [ReplicaBus, Requests],
})
class OneReplicaModule {}

describe('documents', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [OneReplicaModule, AuthModule.forRoot()],
      controllers: [DocumentsController],
      providers: [DocumentsService, DocumentsRepository],
    })
      .overrideProvider(KeySource)
      .useValue(new TestKeySource())
      .overrideProvider(RevocationSource)
      .useValue(new NoRevocations())
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    registerRequestHooks(app.getHttpAdapter().getInstance(), { clientCacheMaxAge: 60 });
    app.useGlobalFilters(new ErrorFilter());
    app.useGlobalGuards(app.get(AuthGuard));
    await app.init();
  });

  afterAll(() => app?.close());

  const owner = testToken({ id: 1 });
  const otherUser = testToken({ id: 2 });
  const superuser = testToken({ id: 3, isSuperuser: true });

  beforeEach(() => {
    const documents = app.get(DocumentsRepository);
    app.get(DocumentsService).removeAll();
    documents.insert({ id: 1, ownerId: 1, draft: false });
    documents.insert({ id: 2, ownerId: 1, draft: true });
  });

  const call = (method: 'GET' | 'DELETE', path: string, token?: string) =>
    app.inject({
      method,
      url: `/documents${path}`,
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
  const listed = async (token?: string) =>
    (await call('GET', '', token)).json<{ id: number }[]>().map(({ id }) => id);

  it('declares who may call each route', () => {
    expect(undeclaredRoutes(app)).toEqual([]);
  });

  it('counts documents for anyone, with any token', async () => {
    expect((await call('GET', '/count', 'nonsense')).json()).toEqual({ count: 2 });
  });

  it('lists drafts to their owner only, and treats an invalid token as none', async () => {
    expect([await listed(), await listed('nonsense'), await listed(otherUser)]).toEqual([[1], [1], [1]]);
    expect(await listed(owner)).toEqual([1, 2]);
  });

  it('lets only the owner delete a document', async () => {
    const responses = [
      await call('DELETE', '/1'),
      await call('DELETE', '/1', otherUser),
      await call('DELETE', '/9', owner),
      await call('DELETE', '/1', owner),
    ];

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([401, 403, 404, 200]);
  });

  it('lets only superusers delete all documents', async () => {
    expect((await call('DELETE', '', owner)).json()).toMatchObject({
      status: 403,
      detail: 'You do not have enough privileges.',
    });
    expect((await call('DELETE', '', superuser)).statusCode).toBe(200);
  });

  it('refuses a token whose session has ended', async () => {
    const token = testToken({ id: 1 }, { claims: { sid: 'ended' } });
    await app.get(Revocations).revoke({ kind: 'session', id: 'ended', expiresAt: Date.now() + 60_000 });

    expect((await call('DELETE', '/1', token)).json()).toMatchObject({ detail: 'User not authenticated.' });
  });
});
