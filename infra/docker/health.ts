// Exits 0 when the process in this container is ready to work. It runs often, so it takes as little as it can.
//
// Docker restarts what ended, and leaves alone what hangs. So a process that took the question and gave no answer at
// all, several times in a row, is ended here: its restart policy starts it again, and meanwhile the gateway knows.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';

const ANSWER_LIMIT_MS = 5_000;
const PATIENCE = 3;
const SILENCES = '/tmp/silences';
const APP = 'node\0dist/src/main.js\0'; // CMD of the Dockerfile

const ready = {
  host: '127.0.0.1',
  port: process.env.INTERNAL_PORT,
  path: '/health/ready',
  timeout: ANSWER_LIMIT_MS,
};

get(ready, ({ statusCode }) => {
  rmSync(SILENCES, { force: true });
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on('error', () => process.exit(1))
  .on('timeout', () => {
    const count = 1 + (existsSync(SILENCES) ? Number(readFileSync(SILENCES, 'utf8')) : 0);
    writeFileSync(SILENCES, String(count));
    if (count >= PATIENCE) process.kill(theApp(), 'SIGKILL');
    process.exit(1);
  });

function theApp() {
  const commandOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return Number(readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && commandOf(pid) === APP));
}
