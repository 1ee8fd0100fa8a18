import { describe, expect, it } from '@jest/globals';
import type { RequestContext } from '@repo/core';
import { keyedRequestOf, parseKey } from './keyed-request.js';

const context = (changes: object = {}, caller: Partial<RequestContext> = {}) =>
  ({
    requestId: 'r-1',
    method: 'POST',
    clientAddress: '192.0.2.1',
    request: { url: '/api/v1/user', headers: { 'idempotency-key': 'k-1' }, body: { a: 1 }, ...changes },
    ...caller,
  }) as RequestContext;
const user = { id: 7, username: 'ann', isSuperuser: false, sessionId: 's', tokenId: 't' };

describe('keyedRequestOf', () => {
  it.each([
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['"two words, \\"so\\""', 'two words, \\"so\\"'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('reads a bare or quoted key: %s', (header, key) => {
    expect(parseKey(header)).toBe(key);
  });

  it.each([[''], ['""'], ['"open'], ['two words'], ['a, b'], ['k'.repeat(256)], ['clé'], ['a\u0000b']])(
    'throws 400 for the malformed key %j',
    (header) => {
      expect(() => parseKey(header)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  it('returns undefined without a key', () => {
    expect(keyedRequestOf(context({ headers: {} }))).toBeUndefined();
  });

  it('derives the id from the key and the user, or the client address without one', () => {
    const callers = [{}, { clientAddress: '192.0.2.2' }, { user }, { user: { ...user, id: 8 } }];

    const ids = callers.map((caller) => keyedRequestOf(context({}, caller))!.id);

    expect(new Set(ids).size).toBe(4);
    expect(keyedRequestOf(context({}, { user, clientAddress: '192.0.2.9' }))!.id).toBe(ids[2]);
  });

  it('derives the fingerprint from the method, URL and body', () => {
    const others = [
      {},
      { url: '/api/v1/tier' },
      { url: '/api/v1/user?a=1' },
      { body: { a: 2 } },
      { body: undefined },
    ];

    const fingerprints = others.map((changes) => keyedRequestOf(context(changes))!.fingerprint);

    expect(new Set(fingerprints).size).toBe(5);
    expect(keyedRequestOf(context())!.fingerprint).toBe(fingerprints[0]);
  });

  it('derives the fingerprint from the key', () => {
    const one = keyedRequestOf(context())!.fingerprint;
    const other = keyedRequestOf(context({ headers: { 'idempotency-key': 'k-2' } }))!.fingerprint;

    expect(other).not.toBe(one);
  });
});
