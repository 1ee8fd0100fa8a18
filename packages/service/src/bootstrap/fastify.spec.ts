import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EarlyResponder } from '../http/early-responder.js';
import { createFastifyAdapter } from './fastify.js';

it('keeps idle connections longer than the gateway', async () => {
  const gateway = await readFile(join(import.meta.dirname, '../../../../nginx/render.ts'), 'utf8');
  const [, seconds] = /'keepalive_timeout (\d+)s;'/.exec(gateway)!;

  const { server } = createFastifyAdapter(new EarlyResponder()).getInstance();

  expect(server.keepAliveTimeout).toBeGreaterThan((Number(seconds) + 5) * 1_000);
});
