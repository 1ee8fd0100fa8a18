import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';

/** argon2id with the parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Priority below the services, which respond first; not the lowest: hashing continues when all processors are busy. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/** Hashes the password, or compares it with `passwordHash` when that is given. */
export interface HashingJob {
  password: string;
  passwordHash?: string;
}

let isPriorityLowered = false;

process.on('message', ({ password, passwordHash }: HashingJob) => {
  isPriorityLowered ||= lowerPriority();
  const result =
    passwordHash === undefined ? hashSync(password, OPTIONS) : verifySync(passwordHash, password);
  // The parent may end before it reads the result: without a callback, that is an unhandled error.
  if (process.connected) process.send!(result, undefined, undefined, () => undefined);
});

/**
 * Lowers the priority of this process and of its session: with autogroups, Linux shares the processors among sessions
 * first. @returns false when the kernel answers EAGAIN, which means: try again later
 */
function lowerPriority(): boolean {
  setPriority(PRIORITY);
  try {
    writeFileSync('/proc/self/autogroup', String(PRIORITY));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
  return true;
}
