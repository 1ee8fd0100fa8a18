import { describe, expect, it } from '@jest/globals';
import { decrypt, encrypt } from './encryption.js';

const SECRET = 'a-secret-that-is-long-enough-for-this';

describe('encryption', () => {
  it.each(['', 'a key', 'ключ 🔑'])('gives back %j', (text) => {
    expect(decrypt(encrypt(text, SECRET), SECRET)).toBe(text);
  });

  it('never writes the same text twice alike', () => {
    expect(encrypt('a key', SECRET)).not.toBe(encrypt('a key', SECRET));
  });

  it('gives nothing to another secret', () => {
    expect(() => decrypt(encrypt('a key', SECRET), `${SECRET}!`)).toThrow(/unable to authenticate/);
  });

  it('notices a change of any byte', () => {
    const bytes = Buffer.from(encrypt('a key', SECRET), 'base64url');

    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      expect(() => decrypt(changed.toString('base64url'), SECRET)).toThrow(/unable to authenticate/);
    }
  });

  it('notices a cut tag', () => {
    expect(() =>
      decrypt(Buffer.from(encrypt('', SECRET), 'base64url').subarray(0, 20).toString('base64url'), SECRET),
    ).toThrow(/Invalid authentication tag length/);
  });
});
