import { request } from 'node:http';
import { connect } from 'node:net';
import type { Api, ApiAnswer } from '../support/api.ts';

const TIMEOUT_MS = 30_000;

/** An API client with another address of this machine. It sends no header that it is not told to send. */
export function apiFrom(localAddress: string, port: number, prefix = '/api/v1'): Api {
  return (route, { body, raw, form, token, headers = {} } = {}) => {
    const [method, path] = route.split(/ (.*)/s) as [string, string];
    const payload =
      raw ??
      (form ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body));
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    return new Promise<ApiAnswer>((resolve, reject) => {
      const sent = request({
        ...{ host: '127.0.0.1', port, localAddress, method, path: prefix + path, agent: false },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...(payload !== undefined && {
            'Content-Type': type,
            'Content-Length': Buffer.byteLength(payload),
          }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      sent.once('error', reject).once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject).once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode!,
            headers: headersOf(response.headersDistinct),
            body: parse(text),
            text,
          });
        });
      });
      sent.end(payload);
    });
  };
}

function headersOf(distinct: NodeJS.Dict<string[]>): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(distinct))
    for (const value of values ?? []) headers.append(name, value);
  return headers;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Sends bytes unchanged, and returns everything received until the server closes the connection or is quiet for some
 * time. Sends parts after the first one by one, with a pause before each.
 */
export function exchange(
  port: number,
  parts: string | Buffer | (string | Buffer)[],
  { quietMs = 1_500, pauseMs = 0 } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const waiting = [parts].flat();
    let received = '';
    const socket = connect(port, '127.0.0.1');
    let pause: NodeJS.Timeout | undefined;
    const sendNext = () => {
      const part = waiting.shift();
      if (part === undefined || socket.destroyed) return;
      socket.write(part);
      if (waiting.length > 0) pause = setTimeout(sendNext, pauseMs);
    };
    socket.setTimeout(quietMs + pauseMs);
    socket.once('connect', sendNext);
    socket.on('data', (data) => (received += data.toString('latin1')));
    socket.once('timeout', () => socket.destroy());
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.once('close', () => {
      clearTimeout(pause);
      resolve(received);
    });
  });
}

/** The status of each answer on a connection. */
export function statusesIn(received: string): string {
  const answers = received.split(/^(?=HTTP\/1\.[01] \d{3})/m).filter(Boolean);
  const found = answers.map((answer) => {
    const status = answer.slice(9, 12);
    const isProblem = /^content-type: application\/problem\+json/im.test(answer);
    return status < '400' || isProblem ? status : `${status} without problem details`;
  });
  return found.length > 0 ? found.join(', ') : 'closed without an answer';
}
