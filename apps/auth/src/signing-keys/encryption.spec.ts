import { describe, expect, it } from '@jest/globals';
import { decrypt, encrypt } from './encryption.js';

const SECRET = 'a-secret-that-is-long-enough-for-this';

describe('encryption', () => {
  it.each(['', 'a key', 'ключ 🔑'])('decrypts the ciphertext of %j', (text) => {
    expect(decrypt(encrypt(text, SECRET), SECRET)).toBe(text);
  });

  it('encrypts the same text to a different result each time', () => {
    expect(encrypt('a key', SECRET)).not.toBe(encrypt('a key', SECRET));
  });

  it('returns undefined when the secret is wrong', () => {
    expect(decrypt(encrypt('a key', SECRET), `${SECRET}!`)).toBeUndefined();
  });

  it('returns undefined when any byte is changed', () => {
    const bytes = Buffer.from(encrypt('a key', SECRET), 'base64url');

    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      expect(decrypt(changed.toString('base64url'), SECRET)).toBeUndefined();
    }
  });

  it('throws when the authentication tag is cut', () => {
    expect(() =>
      decrypt(Buffer.from(encrypt('', SECRET), 'base64url').subarray(0, 20).toString('base64url'), SECRET),
    ).toThrow(/Invalid authentication tag length/);
  });
});
