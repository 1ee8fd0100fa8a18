// @ts-check
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../lib/failure.ts';
import { identityOf } from './process-identity.ts';

/**
 * Each process of a run leaves a note `<dir>/pids/<name>.json`, so that whoever comes after a runner that died
 * without a word can end what it left behind, and nothing else.
 *
 * @typedef {object} Note
 * @property {string} name
 * @property {number} pid
 * @property {string | null} identity
 * @property {number} stage  processes of a lower stage are stopped first
 * @property {NodeJS.Signals} stopSignal
 * @property {{ pid: number, identity: string | null }} runner
 */

const END_LIMIT_MS = 3_000;
const RUNNER = 'runner';

const self = () => ({ pid: process.pid, identity: identityOf(process.pid) });

/**
 * @param {string} dir
 * @param {Omit<Note, 'identity' | 'runner'>} process
 */
export function noteProcess(dir, process) {
  write(dir, { ...process, identity: identityOf(process.pid), runner: self() });
}

/**
 * @param {string} dir
 * @param {string} name
 */
export function forgetProcess(dir, name) {
  rmSync(fileOf(dir, name), { force: true });
}

/**
 * Makes this process the only one that runs things in `dir`.
 *
 * @param {string} dir
 */
export function becomeRunner(dir) {
  for (const { runner } of notes(dir)) {
    if (isAlive(runner)) {
      throw new Failure(
        `It is running already, as process ${runner.pid}: stop that one first (\`kill ${runner.pid}\`).`,
      );
    }
  }
  noteProcess(dir, { name: RUNNER, pid: process.pid, stage: 99, stopSignal: 'SIGTERM' });
}

/** @param {string} dir */
export function ceaseToRun(dir) {
  forgetProcess(dir, RUNNER);
}

/**
 * Ends every process in `dir` whose runner is dead, in order.
 *
 * @param {string} dir
 * @returns {Promise<string[]>} the names of what it ended
 */
export async function endLeftovers(dir) {
  const orphans = notes(dir).filter(({ runner }) => !isAlive(runner));
  const ended = [];
  for (const stage of [...new Set(orphans.map((note) => note.stage))].sort((a, b) => a - b)) {
    const alive = orphans.filter((note) => note.stage === stage && isAlive(note));
    await Promise.all(alive.map(endProcess));
    ended.push(...alive.map(({ name }) => name));
  }
  for (const { name } of orphans) forgetProcess(dir, name);
  return ended;
}

/** @param {Note} note */
async function endProcess(note) {
  send(note.pid, note.stopSignal);
  send(note.pid, 'SIGCONT');
  const deadline = Date.now() + END_LIMIT_MS;
  while (isAlive(note) && Date.now() < deadline) await sleep(20);
  // The group: a master that died leaves its workers.
  send(-note.pid, 'SIGKILL');
  while (isAlive(note)) await sleep(20);
}

/** @param {{ pid: number, identity: string | null }} process */
function isAlive({ pid, identity }) {
  return identity !== null && identityOf(pid) === identity;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

/**
 * @param {string} dir
 * @returns {Note[]}
 */
function notes(dir) {
  mkdirSync(join(dir, 'pids'), { recursive: true });
  return readdirSync(join(dir, 'pids')).flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(dir, 'pids', file), 'utf8'))];
    } catch {
      return []; // removed meanwhile
    }
  });
}

/**
 * @param {string} dir
 * @param {Note} note
 */
function write(dir, note) {
  mkdirSync(join(dir, 'pids'), { recursive: true });
  writeFileSync(fileOf(dir, note.name), JSON.stringify(note));
}

/**
 * @param {string} dir
 * @param {string} name
 */
const fileOf = (dir, name) => join(dir, 'pids', `${name}.json`);
