import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TokenVerifier } from '@repo/auth';
import { ReplicaBus } from '@repo/messaging';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

interface Message {
  from: string;
  text: string;
}

const PATH = '/api/v1/chat';
/** The gateway closes a connection that is silent for 40 s. */
const PING_MS = 15_000;
const CLOSE_TIMEOUT_MS = 1_000;
const MAX_CLIENTS = 1_000;
/** Unsent bytes of a client that does not read. */
const MAX_BUFFERED = 1_000_000;

/** Sends each message of a client to the clients of every replica. */
@Injectable()
export class ChatServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: 4_096,
    handleProtocols: () => 'bearer',
  });
  private readonly tokensOf = new Map<WebSocket, string>();
  private readonly answering = new WeakSet<WebSocket>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly tokens: TokenVerifier,
    private readonly bus: ReplicaBus,
    private readonly host: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    const http: Server = this.host.httpAdapter.getHttpServer();
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      void this.accept(request, socket, head);
    });
    this.bus.listen<Message>('chat', { onMessage: (message) => this.sendToAll(message) });
    this.timer = setInterval(() => void this.check(), PING_MS).unref();
  }

  /** Status 1012: the clients connect again, to another replica. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const client of this.tokensOf.keys()) {
      client.close(1012, 'The server restarts');
      setTimeout(() => client.terminate(), CLOSE_TIMEOUT_MS).unref();
    }
  }

  /** A browser sends the token as the second subprotocol: `new WebSocket(url, ['bearer', token])`. */
  private async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url !== PATH) return refuse(socket, '404 Not Found');
    if (this.tokensOf.size >= MAX_CLIENTS) return refuse(socket, '503 Service Unavailable');
    const [, token = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const user = await this.tokens.verifyAccess(token).catch(() => undefined);
    if (!user) return refuse(socket, '401 Unauthorized');
    this.server.handleUpgrade(request, socket, head, (client) => {
      this.tokensOf.set(client, token);
      this.answering.add(client);
      client.on('pong', () => this.answering.add(client));
      client.on('error', () => client.terminate());
      client.on('close', () => this.tokensOf.delete(client));
      client.on('message', (text: RawData) => {
        void this.bus.broadcast('chat', { from: user.username, text: String(text) });
      });
    });
  }

  private sendToAll(message: Message): void {
    const text = JSON.stringify(message);
    for (const client of this.tokensOf.keys())
      if (client.bufferedAmount > MAX_BUFFERED) client.terminate();
      else client.send(text);
  }

  /** Closes connections that are dead, or whose token has expired or was revoked. */
  private async check(): Promise<void> {
    for (const [client, token] of this.tokensOf) {
      const valid = await this.tokens.verifyAccess(token).catch(() => undefined);
      if (!valid) client.close(1008, 'The token is not valid any more');
      else if (this.answering.delete(client)) client.ping();
      else client.terminate();
    }
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
