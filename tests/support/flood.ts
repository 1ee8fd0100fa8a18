import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Status 0: there was no answer. */
export interface FloodAnswer {
  status: number;
  ms: number;
}

/** What a load brought: its answers, and the time from the first request to the last answer. */
export interface FloodOutcome {
  answers: FloodAnswer[];
  seconds: number;
}

export interface FloodRequest {
  method: 'GET' | 'POST';
  path: string;
  /** Of each request, sent as JSON or as a form. */
  body?: () => object;
  form?: () => Record<string, string>;
  token?: string;
}

/** Below what the gateway lets one address have. */
const MAX_CONNECTIONS = 480;
const TICK_MS = 2;
const PATIENCE_MS = 10_000;

/**
 * Many clients in one process. They speak only as much HTTP as it takes, so that they leave the machine to the system
 * that they flood: with a client that does more, it is the clients' speed that is measured.
 */
export class Flood {
  private readonly target: { host: string; port: number };
  private readonly idle: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];
  private open = 0;

  constructor(gatewayUrl: string) {
    const { hostname, port } = new URL(gatewayUrl);
    this.target = { host: hostname, port: Number(port) };
  }

  /** Some clients, each of which asks again when it has been answered: what comes out is the most there is. */
  async patient(request: FloodRequest, clients: number, over: AbortSignal): Promise<FloodOutcome> {
    const since = performance.now();
    const answers: FloodAnswer[] = [];
    const client = async () => {
      while (!over.aborted) answers.push(await this.ask(request));
    };
    await Promise.all(Array.from({ length: clients }, client));
    return { answers, seconds: secondsSince(since) };
  }

  /** Requests at a steady rate, whether or not the earlier ones have been answered. */
  async heedless(request: FloodRequest, perSecond: number, seconds: number): Promise<FloodOutcome> {
    const total = Math.round(perSecond * seconds);
    const since = performance.now();
    const answers: Promise<FloodAnswer>[] = [];
    while (answers.length < total) {
      const due = Math.min(total, secondsSince(since) * perSecond);
      while (answers.length < due) answers.push(this.ask(request));
      await delay(TICK_MS);
    }
    return { answers: await Promise.all(answers), seconds: secondsSince(since) };
  }

  /** The time counts from when the client wanted to ask, also when it had to wait for a connection. */
  async ask({ method, path, body, form, token }: FloodRequest): Promise<FloodAnswer> {
    const since = performance.now();
    const content = form ? new URLSearchParams(form()).toString() : body ? JSON.stringify(body()) : '';
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const bearer = token ? `Authorization: Bearer ${token}\r\n` : '';
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${bearer}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(content)}\r\n\r\n`;
    const connection = await this.connection();
    const status = await connection.ask(head + content);
    this.release(connection);
    return { status, ms: performance.now() - since };
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.close();
  }

  private connection(): Connection | Promise<Connection> {
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

/** One request at a time. */
class Connection {
  private readonly socket: Socket;
  private received = '';
  private answered: (status: number) => void = () => undefined;
  private closing = false;

  constructor(target: { host: string; port: number }) {
    this.socket = connect(target).setNoDelay().setEncoding('latin1').setTimeout(PATIENCE_MS);
    this.socket
      .on('data', (text: string) => this.take(text))
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

  ask(text: string): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.closing) resolve(0);
      else this.socket.write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end).toLowerCase();
    const length = Number(/\ncontent-length: (\d+)/.exec(head)?.[1]);
    if (Number.isNaN(length)) return void this.socket.destroy(new Error('An answer of unknown length'));
    if (this.received.length < end + 4 + length) return;
    this.received = '';
    if (head.includes('\nconnection: close')) {
      this.closing = true;
      this.socket.end();
    }
    this.answered(Number(head.slice(9, 12)));
  }
}
