import { connect } from 'node:net';
import { get } from 'node:http';

const TIMEOUT_MS = 1_000;

/** Whether the status is 200. Not with `fetch`: loading it adds a fifth to the memory of `npm start`. */
export function answersHttp(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    get(url, { agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', reject);
  });
}

/** Whether PostgreSQL accepts sessions: while it starts or recovers, it answers a start-up packet with an error. */
export async function answersPostgres(port: number): Promise<boolean> {
  const fields = Buffer.from('user\0probe\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + fields.length, 0);
  head.writeInt32BE(3 << 16, 4); // protocol 3.0
  const answer = await firstAnswer(port, Buffer.concat([head, fields]));
  // R: it requests a password. E: an error, of which only "cannot connect now" (57P03) means "not yet".
  return answer.startsWith('R') || (answer.startsWith('E') && !answer.includes('57P03'));
}

/** Whether Redis serves; a request for a password is an answer too. */
export async function answersRedis(port: number): Promise<boolean> {
  const answer = await firstAnswer(port, Buffer.from('PING\r\n'));
  return answer.startsWith('+PONG') || answer.startsWith('-NOAUTH');
}

/** Whether NATS serves with JetStream; it greets every client that connects. */
export async function answersNats(port: number): Promise<boolean> {
  const greeting = await firstAnswer(port);
  return greeting.startsWith('INFO ') && greeting.includes('"jetstream":true');
}

/** Connects to a server of this machine, sends something, and returns the first bytes that come back. */
function firstAnswer(port: number, message?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: TIMEOUT_MS });
    socket.once('connect', () => message && socket.write(message));
    socket.once('data', (data) => {
      resolve(data.toString('latin1'));
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error(`No answer within ${TIMEOUT_MS} ms.`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The connection was closed without an answer.')));
  });
}
