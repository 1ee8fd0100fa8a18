// The health check of an app's container: exits with 0 when the process is ready.
//
// Docker restarts a process that ends, but not one that hangs. So this kills a process that does not respond at all,
// several times in a row, and its restart policy starts it again.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';

const TIMEOUT_MS = 5_000;
const MAX_TIMEOUTS = 3;
/** Number of timeouts in a row. */
const TIMEOUTS_FILE = '/tmp/health-timeouts';
const COMMAND = 'node\0dist/src/main.js\0'; // CMD of the Dockerfile

get({
  host: '127.0.0.1',
  port: process.env.INTERNAL_PORT,
  path: '/health/ready',
  timeout: TIMEOUT_MS,
})
  .on('response', ({ statusCode }) => {
    rmSync(TIMEOUTS_FILE, { force: true });
    process.exit(statusCode === 200 ? 0 : 1);
  })
  .on('error', () => process.exit(1))
  .on('timeout', () => {
    const count = 1 + (existsSync(TIMEOUTS_FILE) ? Number(readFileSync(TIMEOUTS_FILE, 'utf8')) : 0);
    writeFileSync(TIMEOUTS_FILE, String(count));
    const app = readdirSync('/proc').find(isApp);
    if (count >= MAX_TIMEOUTS && app) process.kill(Number(app), 'SIGKILL');
    process.exit(1);
  });

function isApp(pid: string): boolean {
  return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === COMMAND;
}
