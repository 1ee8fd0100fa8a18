import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import { type Edit, insertion } from './edits.ts';
import { payloadParts } from './field-parts.ts';
import { parseFields } from './fields.ts';
import { keyOf, spellingsOf } from './names.ts';
import { CONTRACTS_INDEX } from './service-edits.ts';
import { refuseTaken, removeTemplate, targetsOf, type Values, writeTemplate } from './templates.ts';
import { applyEdits, revertEdits, sync } from './workspace.ts';

export const STANDARD_PAYLOAD = 'message:text';

const JOBS = 'apps/worker/src/jobs';
const JOB_MAP = 'packages/contracts/src/jobs/jobs.ts';
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/;
/** The queue of the jobs that run by schedule. */
const TAKEN_QUEUE = 'schedules';

export async function addJob(name: string, fields: string): Promise<void> {
  if (!existsSync(join(ROOT, JOBS)))
    throw new Failure('There is no worker to run jobs: it has been removed.');
  if (!NAME.test(name))
    throw new Failure(
      `"${name}" is no name for a job: write it like resize-picture, or mail.welcome for a job in a queue "mail".`,
    );
  if (name.startsWith(`${TAKEN_QUEUE}.`))
    throw new Failure(`The queue ${TAKEN_QUEUE} is taken: begin the name with another word.`);
  const values = valuesOf(name);
  const jobName = jobNameOf(name);
  if (jobNames().includes(jobName))
    throw new Failure(`There is a job ${jobName} already: choose another name.`);
  const parts = { ...payloadParts(parseFields(fields)), 'job.name': jobName };
  refuseTaken('job', values);
  writeTemplate('job', { ...values, parts });
  applyEdits(jobEdits(name));
  await sync();
}

/** Returns whether there was a generated job of this name. */
export function removeJob(name: string): boolean {
  if (!NAME.test(name) || !targetsOf('job', valuesOf(name)).every((path) => existsSync(join(ROOT, path))))
    return false;
  revertEdits(jobEdits(name));
  removeTemplate('job', valuesOf(name));
  return true;
}

const jobNameOf = (name: string): string => name.replaceAll('-', '_');

/** A job has no plural. */
function valuesOf(name: string): Values & { noun: object } {
  const one = spellingsOf(name.replace('.', '-'));
  return { service: 'worker', noun: { one, many: one } };
}

function jobNames(): string[] {
  return readdirSync(join(ROOT, JOBS))
    .map((file) => readFileSync(join(ROOT, JOBS, file), 'utf8'))
    .flatMap((text) => /@Job\(\{ name: '([^']+)'/.exec(text)?.[1] ?? []);
}

function jobEdits(name: string): Edit[] {
  const { kebab, pascal } = spellingsOf(name.replace('.', '-'));
  const payload = `${pascal}Payload`;
  const file = `${kebab}.payload.js`;
  return [
    insertion(CONTRACTS_INDEX, `export * from './jobs/${file}';`, { after: /^export/ }),
    insertion(JOB_MAP, `import type { ${payload} } from './${file}';`, { after: /^import / }),
    insertion(JOB_MAP, `  ${keyOf(jobNameOf(name))}: ${payload};`, { endOf: /^export interface JobMap \{/ }),
  ];
}
