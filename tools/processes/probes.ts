// @ts-check
import { get } from 'node:http';
import { connect } from 'node:net';

const LIMIT_MS = 1_000;

/** @typedef {{ host: string, port: number }} Address */

/**
 * @param {string} url
 * @param {number} [limitMs]
 */
export function answersHttp(url, limitMs = LIMIT_MS) {
  /** @type {Promise<boolean>} */
  const answer = new Promise((resolve, reject) => {
    // Not `fetch`: loading it would add a fifth to the memory of the runner.
    get(url, { agent: false, signal: AbortSignal.timeout(limitMs) }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode === 200))
        .once('error', reject);
    }).once('error', reject);
  });
  return answer;
}

/**
 * Whether Postgres accepts sessions: one that still starts, or recovers, answers a start-up packet with an error.
 *
 * @param {Address} address
 */
export async function answersPostgres(address) {
  const fields = Buffer.from('user\0probe\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + fields.length, 0);
  head.writeInt32BE(3 << 16, 4); // protocol 3.0
  const answer = await converse(address, Buffer.concat([head, fields]));
  // R: asks for a password. E: an error, of which only "cannot connect now" (57P03) means "not yet".
  return answer[0] === 'R' || (answer[0] === 'E' && !answer.includes('57P03'));
}

/**
 * Whether Redis serves; that it wants a password first is an answer too.
 *
 * @param {Address} address
 */
export async function answersRedis(address) {
  const answer = await converse(address, Buffer.from('PING\r\n'));
  return answer.startsWith('+PONG') || answer.startsWith('-NOAUTH');
}

/**
 * Whether NATS serves, with JetStream; it greets whoever connects.
 *
 * @param {Address} address
 */
export async function answersNats(address) {
  const greeting = await converse(address);
  return greeting.startsWith('INFO ') && greeting.includes('"jetstream":true');
}

/**
 * Connects, says something and returns the first thing that comes back.
 *
 * @param {Address} address
 * @param {Buffer} [words]
 * @returns {Promise<string>}
 */
function converse({ host, port }, words) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    socket.once('connect', () => words && socket.write(words));
    socket.once('data', (data) => {
      resolve(data.toString('latin1'));
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}
