import assert from 'node:assert/strict';
import { it } from 'node:test';
import { identityOf } from '../processes/process-identity.ts';
import { Interrupted } from './failure.ts';
import { run } from './run.ts';

/** Starts a process in a group of its own, as turbo does, and stops it on SIGTERM. */
const COMMAND = `
const child = require('node:child_process').spawn('sleep', ['60'], { detached: true });
child.on('exit', () => process.exit());
process.on('SIGTERM', () => child.kill());
console.log(child.pid);
`;

it('lets an aborted command stop the processes that it started in other groups', async () => {
  const controller = new AbortController();
  let pid = 0;
  const onOutput = (chunk: string) => {
    pid = Number(chunk);
    controller.abort(new Interrupted());
  };

  await assert.rejects(
    run(process.execPath, ['-e', COMMAND], { signal: controller.signal, onOutput }),
    Interrupted,
  );

  assert.ok(pid > 0);
  assert.equal(identityOf(pid), null);
});
