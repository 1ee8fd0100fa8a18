import { describe, expect, it } from '@jest/globals';
import { spawnServer } from './spawn-server.js';

describe('spawnServer', () => {
  it('says which program is not on the PATH', async () => {
    await expect(spawnServer('no-such-server', [])).rejects.toThrow(
      'no-such-server cannot be run: install it',
    );
  });
});
