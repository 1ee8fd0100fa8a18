// Exits 0 when the process in this container is ready to work.
//
// Docker restarts what ended, and leaves alone what hangs. So a process that took the question and gave no answer at
// all, several times in a row, is ended here: its restart policy starts it again, and meanwhile the gateway knows.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const ANSWER_LIMIT_MS = 5_000;
const PATIENCE = 3;
const SILENCES = '/tmp/silences';

try {
  const url = `http://127.0.0.1:${process.env.INTERNAL_PORT}/health/ready`;
  const { ok } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  rmSync(SILENCES, { force: true });
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  if (error.name === 'TimeoutError') countSilence();
}

function countSilence() {
  const count = 1 + (existsSync(SILENCES) ? Number(readFileSync(SILENCES, 'utf8')) : 0);
  writeFileSync(SILENCES, String(count));
  if (count >= PATIENCE) process.kill(-1, 'SIGKILL'); // all but this one and the container's init, which then ends
}
