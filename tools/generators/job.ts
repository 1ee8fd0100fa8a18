// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import * as edit from './edit.ts';
import { payloadParts } from './field-parts.ts';
import { parseFields } from './fields.ts';
import { forms } from './names.ts';
import { refuseTaken, writeTemplate } from './templates.ts';
import { addTo, rebuild, removeFrom, root } from './workspace.ts';

export const STANDARD_PAYLOAD = 'message:text';

const JOBS = 'apps/worker/src/jobs';
const CONTRACTS = 'packages/contracts/src/jobs';
/** Its runs are what makes tasks of schedules. */
const TAKEN_QUEUE = 'schedules';

/** @param {string} name @param {string} fields */
export async function addJob(name, fields) {
  if (!existsSync(join(root, JOBS))) throw new Failure('There is no worker: it has been removed.');
  const values = { service: 'worker', noun: nounOf(name) };
  const parts = { ...payloadParts(parseFields(fields)), 'job.name': name.replaceAll('-', '_') };
  if (jobNames().includes(parts['job.name']))
    throw new Failure(`There is a job ${parts['job.name']} already.`);
  refuseTaken('job', root, values);
  writeTemplate('job', root, { ...values, parts });
  addTo(placesOfJob(name));
  await rebuild();
}

/** @param {string} name @returns {boolean} whether there was one that was generated */
export function removeJob(name) {
  const file = fileOf(name);
  const files = [
    `${JOBS}/${file}.job.ts`,
    `apps/worker/test/${file}.spec.ts`,
    `${CONTRACTS}/${file}.payload.ts`,
    `${CONTRACTS}/${file}.payload.spec.ts`,
  ].map((path) => join(root, path));
  if (!files.every((path) => existsSync(path))) return false;
  removeFrom(placesOfJob(name));
  for (const path of files) rmSync(path);
  return true;
}

/** @param {string} name */
const fileOf = (name) => name.replaceAll('.', '-');

/** The name in the forms that code wants; a job has no plural. @param {string} name */
function nounOf(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/.test(name))
    throw new Failure(
      `"${name}" is no name for a job: write it like resize-picture, or mail.welcome for one with a queue mail of its own.`,
    );
  if (name.startsWith(`${TAKEN_QUEUE}.`))
    throw new Failure(`The queue ${TAKEN_QUEUE} is taken: begin the name with another word.`);
  const one = forms(fileOf(name));
  return { one, many: one };
}

/** What the jobs of the worker are called. */
function jobNames() {
  return readdirSync(join(root, JOBS))
    .map((file) => readFileSync(join(root, JOBS, file), 'utf8'))
    .flatMap((text) => /@Job\(\{ name: '([^']+)'/.exec(text)?.[1] ?? []);
}

/** Places that name the payload of a job. @param {string} name @returns {import('./places.ts').Place[]} */
function placesOfJob(name) {
  const file = `${fileOf(name)}.payload.js`;
  const payload = `${nounOf(name).one.pascal}Payload`;
  return [
    {
      file: 'packages/contracts/src/index.ts',
      add: (text) => edit.insertInOrder(text, /^export/, `export * from './jobs/${file}';`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`'\\./jobs/${file}'`)),
    },
    {
      file: `${CONTRACTS}/jobs.ts`,
      add: (text) =>
        edit
          .insertAfterLast(text, /^import /, `import type { ${payload} } from './${file}';`)
          .replace(/(interface JobMap \{[^}]*)\}/, `$1  '${name.replaceAll('-', '_')}': ${payload};\n}`),
      remove: (text) => edit.removeBlocks(text, new RegExp(`'\\./${file}'|^ +\\S+: ${payload};$`)),
    },
  ];
}
