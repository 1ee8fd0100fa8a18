import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Behind everything that answers, yet never without a share of a busy processor. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/** To hash a password, or to compare it with a hash. */
export interface HashingJob {
  password: string;
  passwordHash?: string;
}

let hasGivenWay = false;

process.on('message', ({ password, passwordHash }: HashingJob) => {
  hasGivenWay ||= giveWay();
  const result =
    passwordHash === undefined ? hashSync(password, OPTIONS) : verifySync(passwordHash, password);
  if (process.connected) process.send!(result);
});

/**
 * Linux may share the processors among sessions first, and only then by the priorities within each: this process is a
 * session of its own, and lowers it too. False when the kernel asks to try that again later.
 */
function giveWay(): boolean {
  setPriority(PRIORITY);
  try {
    writeFileSync('/proc/self/autogroup', String(PRIORITY));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
  return true;
}
