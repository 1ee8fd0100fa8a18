// Linters find nothing in the API document, and clients of four generators log in, write, list and log out:
// node --test tests/system/api-document.ts
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../../tools/openapi/lint.ts';
import { run } from '../../tools/lib/run.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { FILES, GENERATORS, PYTHON_TOOLS, TSC_OPTIONS } from './api-document/clients.ts';
import { useStack } from './suite-stack.ts';

await prepareCheckout();
// Compiled code.
const { gateway, gatewayUrl } = await import('../support/api.ts');
const { createUser } = await import('../support/users.ts');

const dir = mkdtempSync(join(tmpdir(), 'api-document-'));
const tools = [join(dir, 'venv/bin'), join(dir, 'node_modules/.bin')];
const PATH = [...tools, process.env.PATH].join(delimiter);

/** Runs a tool in the folder of the document. */
const tool = (command: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  run(command, args, { cwd: dir, env: { ...process.env, PATH, GATEWAY_URL: gatewayUrl(), ...env } });

describe('the API document', () => {
  useStack({});
  before(async () => {
    const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
    write('openapi.json', (await gateway('GET /openapi.json')).text);
    for (const [name, text] of Object.entries(FILES(gatewayUrl()))) write(name, text);
    for (const { file, program } of GENERATORS) write(file, program);
    await run('python3', ['-m', 'venv', join(dir, 'venv')]);
    await tool('pip', ['install', '--quiet', ...PYTHON_TOOLS]);
    await tool('npm', ['install', '--no-audit', '--no-fund']);
  });
  after(() => rmSync(dir, { recursive: true }));

  describe('linters find nothing in the served document', () => {
    it('recommended-strict of Redocly, with the exceptions of .redocly.lint-ignore.yaml', async () => {
      assert.deepEqual(await violations((await gateway('GET /openapi.json')).body), []);
    });

    it('spectral:oas of Spectral', async () => {
      await tool('spectral', ['lint', '--fail-severity=hint', 'openapi.json']);
    });
  });

  describe('a client of', () => {
    for (const { name, command, file } of GENERATORS)
      it(`${name} logs in, writes, lists and logs out`, async () => {
        const [program, ...args] = command;
        await tool(program, args);
        const { username, password } = await createUser();
        const env = { API_USERNAME: username, API_PASSWORD: password };
        if (file.endsWith('.py')) return void (await tool('python', [file], env));
        await tool('tsc', [...TSC_OPTIONS, file]);
        await tool('node', [join('out', file.replace('.ts', '.js'))], env);
      });
  });
});
