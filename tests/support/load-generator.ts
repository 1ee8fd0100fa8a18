import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An answer to a request of a load. Status 0: no answer came. */
export interface LoadAnswer {
  status: number;
  ms: number;
}

/** The answers to a load, and the time from the first request to the last answer. */
export interface LoadResult {
  answers: LoadAnswer[];
  seconds: number;
}

export interface LoadRequest {
  method: 'GET' | 'POST';
  path: string;
  /** Called for each request; the result is sent as JSON. */
  body?: () => object;
  /** Called for each request; the result is sent as a form. */
  form?: () => Record<string, string>;
  token?: string;
  headers?: Record<string, string>;
}

/** Less than the gateway's limit of connections per address. */
const MAX_CONNECTIONS = 480;
const TICK_MS = 2;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Many HTTP clients in one process. They implement only the part of HTTP that the measurements need: a full client
 * would use so much processor time that its own speed would be measured.
 */
export class LoadGenerator {
  private readonly target: { host: string; port: number };
  private readonly idle: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];
  private open = 0;

  constructor(baseUrl: string) {
    const { hostname, port } = new URL(baseUrl);
    this.target = { host: hostname, port: Number(port) };
  }

  /** Closed loop: each client sends its next request when the last one was answered. Measures the maximum rate. */
  async closedLoop(request: LoadRequest, clients: number, end: AbortSignal): Promise<LoadResult> {
    const startedAt = performance.now();
    const answers: LoadAnswer[] = [];
    const client = async () => {
      while (!end.aborted) answers.push(await this.send(request));
    };
    await Promise.all(Array.from({ length: clients }, client));
    return { answers, seconds: secondsSince(startedAt) };
  }

  /** Open loop: requests at a constant rate, whether or not earlier ones were answered. */
  async openLoop(request: LoadRequest, perSecond: number, seconds: number): Promise<LoadResult> {
    const total = Math.round(perSecond * seconds);
    const startedAt = performance.now();
    const answers: Promise<LoadAnswer>[] = [];
    while (answers.length < total) {
      const due = Math.min(total, secondsSince(startedAt) * perSecond);
      while (answers.length < due) answers.push(this.send(request));
      await delay(TICK_MS);
    }
    return { answers: await Promise.all(answers), seconds: secondsSince(startedAt) };
  }

  /** Sends one request. The time includes the wait for a free connection. */
  async send({ method, path, body, form, token, headers = {} }: LoadRequest): Promise<LoadAnswer> {
    const startedAt = performance.now();
    const content = form ? new URLSearchParams(form()).toString() : body ? JSON.stringify(body()) : '';
    let lines = token ? `Authorization: Bearer ${token}\r\n` : '';
    for (const name in headers) lines += `${name}: ${headers[name]}\r\n`;
    if (content) lines += `Content-Type: ${form ? FORM : JSON_TYPE}\r\n`;
    if (method !== 'GET') lines += `Content-Length: ${Buffer.byteLength(content)}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n`;
    const connection = await this.acquire();
    const status = await connection.send(head + content);
    this.release(connection);
    return { status, ms: performance.now() - startedAt };
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.close();
  }

  private acquire(): Connection | Promise<Connection> {
    for (let idle = this.idle.pop(); idle; idle = this.idle.pop()) {
      if (idle.usable) return idle;
      this.open -= 1;
    }
    if (this.open >= MAX_CONNECTIONS) return new Promise((resolve) => this.waiting.push(resolve));
    this.open += 1;
    return new Connection(this.target);
  }

  private release(connection: Connection): void {
    const usable = connection.usable ? connection : new Connection(this.target);
    const next = this.waiting.shift();
    if (next) next(usable);
    else this.idle.push(usable);
  }
}

const secondsSince = (start: number) => (performance.now() - start) / 1_000;

/** A kept connection that carries one request at a time. */
class Connection {
  private readonly socket: Socket;
  private received = '';
  private answered: (status: number) => void = () => undefined;
  private closing = false;

  constructor(target: { host: string; port: number }) {
    this.socket = connect(target).setNoDelay().setEncoding('latin1').setTimeout(ANSWER_TIMEOUT_MS);
    this.socket
      .on('data', (text: string) => this.receive(text))
      .on('timeout', () => this.socket.destroy())
      .on('error', () => undefined)
      .once('close', () => {
        this.closing = true;
        this.answered(0);
      });
  }

  get usable(): boolean {
    return !this.closing;
  }

  /** Resolves with the status of the answer, or with 0 when the connection closes before it. */
  send(text: string): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.closing) resolve(0);
      else this.socket.write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(text: string): void {
    this.received += text;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end).toLowerCase();
    const status = Number(head.slice(9, 12));
    const length = status === 304 ? 0 : Number(/\ncontent-length: (\d+)/.exec(head)?.[1]);
    if (Number.isNaN(length)) return void this.socket.destroy(new Error('An answer without Content-Length'));
    if (this.received.length < end + 4 + length) return;
    this.received = '';
    if (head.includes('\nconnection: close')) {
      this.closing = true;
      this.socket.end();
    }
    this.answered(status);
  }
}
