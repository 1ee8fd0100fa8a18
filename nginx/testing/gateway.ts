import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '../../tools/lib/poll.ts';
import { freePort } from '../../tools/lib/ports.ts';
import { type GatewayOptions, renderGateway } from '../render.ts';

/** More than a test on a slow machine takes. */
const SEND_TIMEOUT_MS = 60_000;

export const UNAVAILABLE = 'The service is temporarily unavailable.';

/** The JSON that the echoing service answers, or problem details. */
interface Body {
  service?: string;
  method?: string;
  url?: string;
  bytes?: number;
  headers: Record<string, string | undefined>;
  type: string;
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  request_id?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  rawHeaders: string[];
  text: string;
  /** The JSON of the text; empty where it is none. */
  body: Body;
}

export interface Gateway {
  port: number;
  /** The lines of its access log. */
  log: () => Record<string, unknown>[];
}

type Close = () => unknown;
const closers: Close[] = [];

/** Closes, after the tests of a file, what they started: the last one first, and all of it, also when one fails. */
export async function closeAll(): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.toReversed())
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw new AggregateError(failures, 'What the tests started could not be closed.');
}

function closeLater(close: Close): void {
  closers.push(close);
}

/** An empty folder that every user may read. */
export function makeFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'gateway-'));
  chmodSync(dir, 0o755);
  closeLater(() => rmSync(dir, { recursive: true }));
  return dir;
}

type StartOptions = Omit<GatewayOptions, 'runDir' | 'listen'> & { rewrite?: (nginxConf: string) => string };

export async function startGateway({ rewrite, ...options }: StartOptions): Promise<Gateway> {
  const port = await freePort();
  const runDir = makeFolder();
  const file = renderGateway({ runDir, listen: [`127.0.0.1:${port}`], ...options });
  if (rewrite) writeFileSync(file, rewrite(readFileSync(file, 'utf8')));
  const child = spawn('nginx', ['-p', runDir, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'spawn').catch(() =>
    assert.fail('nginx cannot be run: install it, or add its folder to the PATH.'),
  );
  const stopped = once(child, 'exit');
  closeLater(async () => {
    child.kill('SIGTERM');
    await stopped;
  });
  await until(async () => child.exitCode !== null || (await canConnect(port)));
  assert.equal(child.exitCode, null, 'nginx did not start');
  const log = () =>
    readFileSync(join(runDir, 'access.log'), 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { port, log };
}

/** The text with another setting; fails when it does not have the old one. */
export function replaced(text: string, old: string, by: string): string {
  assert.ok(text.includes(old), `nginx.conf has no "${old}"`);
  return text.replace(old, by);
}

/**
 * A service that answers with what it received, and with headers that the gateway must replace. The header `x-answer`
 * sets the status; requests with `x-wait` wait for `release`.
 */
export async function startService(service: string) {
  const waiting: (() => void)[] = [];
  const respond = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { method, url, headers } = request;
    if (headers['x-wait']) await new Promise<void>((resolve) => waiting.push(resolve));
    response.writeHead(Number(headers['x-answer'] ?? 200), {
      'content-type': 'application/json',
      'cache-control': 'public, no-cache',
      'x-request-id': 'of-the-service',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': 'default-src *',
      'x-powered-by': 'magic',
    });
    const padding = 'x'.repeat(Number(headers['x-padding'] ?? 0));
    response.end(JSON.stringify({ service, method, url, headers, bytes, padding }));
  };
  const server = http.createServer((request, response) => void respond(request, response));
  server.keepAliveTimeout = 75_000;
  const release = () => waiting.splice(0).forEach((resume) => resume());
  return { waiting, release, address: await listen(server, () => server.closeAllConnections()) };
}

export async function listen(server: net.Server, beforeClose: Close = () => {}): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeLater(() => new Promise((resolve) => (server.close(resolve), beforeClose())));
  return `127.0.0.1:${portOf(server)}`;
}

const portOf = (server: net.Server) => (server.address() as net.AddressInfo).port;

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

export function until<T>(condition: () => T | Promise<T>, timeoutMs = SEND_TIMEOUT_MS) {
  const message = `The condition is not true after ${timeoutMs} ms: ${condition}`;
  return poll(condition, { timeoutMs, intervalMs: 20, message });
}

interface Call {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

export function send(
  { port, ca }: { port: number; ca?: Buffer },
  path: string,
  { method = 'GET', headers = {}, body }: Call = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers,
      agent: false,
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    };
    const request = ca ? https.request({ ...options, ca }) : http.request(options);
    let answered = false;
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode = 0, rawHeaders, headers: received } = response;
        resolve(
          answer(statusCode, received as Answer['headers'], Buffer.concat(chunks).toString(), rawHeaders),
        );
      });
    });
    // The gateway may refuse a request, and close the connection, before all of it is sent.
    request.on('error', (error) => answered || reject(error));
    request.end(body);
  });
}

/** Sends bytes that are no correct request. */
export async function sendRaw({ port }: Gateway, text: string): Promise<Answer> {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(text);
  let received = '';
  for await (const chunk of socket) received += chunk;
  const [head = '', body = ''] = received.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]),
  );
  return answer(Number(statusLine.split(' ')[1]), headers, body);
}

function answer(status: number, headers: Answer['headers'], text: string, rawHeaders: string[] = []): Answer {
  const isJson = headers['content-type']?.includes('json') && !headers['content-encoding'] && text !== '';
  return { status, headers, rawHeaders, text, body: isJson ? JSON.parse(text) : {} };
}

export function assertProblem(
  { status, headers, body, text }: Answer,
  expected: number,
  detail?: string,
  instance?: string,
): void {
  assert.equal(status, expected, text);
  assert.equal(headers['content-type'], 'application/problem+json');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(body.status, expected);
  assert.match(body.type, /^urn:problem:[a-z-]+$/);
  assert.equal(body.title, http.STATUS_CODES[expected]);
  assert.equal(body.request_id, headers['x-request-id']);
  if (detail !== undefined) assert.equal(body.detail, detail);
  if (instance?.startsWith('/api') && !instance.includes('..')) assert.equal(body.instance, instance);
}
