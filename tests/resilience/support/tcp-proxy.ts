import { createServer, connect, type Server, type Socket } from 'node:net';

type State = 'open' | 'frozen' | 'cut';

/** A cable between a process and a server, in which things go wrong. */
export class TcpProxy {
  private readonly server: Server;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private state: State = 'open';
  private delayMs = 0;

  private constructor(private readonly targetPort: number) {
    this.server = createServer((near) => this.accept(near));
  }

  static async to(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Everything passes, as fast as it comes. */
  mend(): void {
    this.state = 'open';
    this.delayMs = 0;
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  /** Connections stay up and new ones are accepted, but no byte passes: as if packets were dropped. */
  freeze(): void {
    this.state = 'frozen';
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** Connections end, and new ones end at once. */
  cut(): void {
    this.state = 'cut';
    this.reset();
  }

  /** Connections end with a reset; new ones are welcome. */
  reset(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Every chunk takes this much longer, each way. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.reset();
    await closed;
  }

  private accept(near: Socket): void {
    if (this.state === 'cut') return void near.on('error', ignore).resetAndDestroy();
    const far = connect({ host: '127.0.0.1', port: this.targetPort });
    const pair = [near, far] as const;
    this.pairs.add(pair);
    this.pass(near, far, pair);
    this.pass(far, near, pair);
  }

  private pass(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true).on('error', ignore);
    from.on('data', (chunk) => {
      if (this.delayMs > 0) setTimeout(() => to.writable && to.write(chunk), this.delayMs);
      else to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      to.destroy();
      this.pairs.delete(pair);
    });
    if (this.state === 'frozen') from.pause();
  }
}

function ignore(): void {}
