import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LESS_THAN_OTHERS = 10;

/** To hash a password, or to compare it with a hash. */
export interface HashingJob {
  password: string;
  passwordHash?: string;
}

// Linux has a priority for each thread: whoever hashes gives way to whoever answers.
if (process.platform === 'linux') setPriority(Math.min(getPriority() + LESS_THAN_OTHERS, 19));

parentPort!.on('message', ({ password, passwordHash }: HashingJob) => {
  parentPort!.postMessage(
    passwordHash === undefined ? hashSync(password, OPTIONS) : verifySync(passwordHash, password),
  );
});
