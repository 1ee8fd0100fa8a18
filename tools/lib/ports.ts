// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

/** Below the ports that systems hand out for outgoing connections, so that none of those takes ours. */
const FIRST = 15_000;
const LAST = 31_999;

/**
 * A port for every name: the one it had the last time when that is free, else a new one. Remembered in `file`.
 *
 * @param {string[]} names
 * @param {string} [file]
 * @returns {Promise<Record<string, number>>}
 */
export async function choosePorts(names, file) {
  const remembered = file ? read(file) : {};
  /** @type {Record<string, number>} */
  const chosen = {};
  for (const name of names) {
    const taken = new Set(Object.values(chosen));
    let port = remembered[name] ?? randomPort();
    while (taken.has(port) || !(await isFree(port))) port = randomPort();
    chosen[name] = port;
  }
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...remembered, ...chosen }, null, 2)}\n`);
  }
  return chosen;
}

/**
 * Whether nobody listens on the port, on any of the addresses that `localhost` may mean.
 *
 * @param {number} port
 */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
    if ((await tryListen(port, host)) === 'EADDRINUSE') return false;
  }
  return true;
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string>} 'ok' or an error code
 */
function tryListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'unknown'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('ok')));
  });
}

function randomPort() {
  return FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
}

/**
 * @param {string} file
 * @returns {Record<string, number>}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
